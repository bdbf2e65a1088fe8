using System.Diagnostics;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AuthServer.Hosting;

/// <summary>
/// Sends metrics and a share of the traces to a collector, by the OpenTelemetry SDK and its standard settings
/// (<see cref="TelemetryOptions"/>). Without an endpoint nothing is collected.
/// </summary>
internal static class TelemetryModule
{
    /// <summary>Traces cost time and room: one request in twenty, unless OTEL_TRACES_SAMPLER says otherwise.</summary>
    private const double DefaultTracedShare = 0.05;

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddTelemetryOptions();
        if (!TelemetryOptions.HasEndpoint(builder.Configuration))
        {
            return;
        }

        // The SDK for .NET still begins with gRPC; the specification and most collectors' examples do not.
        builder.Configuration[TelemetryOptions.ProtocolKey] ??= TelemetryOptions.HttpProtobuf;
        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("ePortfolios.Auth").AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
                metrics
                    .AddMeter("AuthServer", "Recovery")
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddNpgsqlInstrumentation()
            )
            .WithTracing(traces =>
            {
                traces
                    .AddSource("AuthServer")
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddNpgsql()
                    .AddProcessor(new AddressRemover());
                if (string.IsNullOrEmpty(builder.Configuration[TelemetryOptions.SamplerKey]))
                {
                    traces.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(DefaultTracedShare)));
                }
            })
            .UseOtlpExporter();
    }

    /// <summary>
    /// Takes addresses out of traces: a path may hold the token of a link, a query a code. The route stays.
    /// </summary>
    private sealed class AddressRemover : BaseProcessor<Activity>
    {
        private static readonly string[] Addresses =
        [
            "url.path",
            "url.query",
            "url.full",
            "client.address",
            "network.peer.address",
            "user_agent.original",
        ];

        public override void OnEnd(Activity data)
        {
            foreach (var tag in Addresses)
            {
                data.SetTag(tag, null);
            }
        }
    }
}
