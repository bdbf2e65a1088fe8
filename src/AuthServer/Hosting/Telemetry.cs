using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AuthServer.Hosting;

/// <summary>
/// Settings under <c>Otlp</c>: where metrics and traces are sent. Without an endpoint nothing is collected.
/// </summary>
public sealed class OtlpOptions
{
    public const string Section = "Otlp";

    /// <summary>The collector's base URL, such as http://localhost:4318. Default: none.</summary>
    public string? Endpoint { get; set; }

    /// <summary><c>HttpProtobuf</c> (the default) or <c>Grpc</c>.</summary>
    public OtlpExportProtocol Protocol { get; set; } = OtlpExportProtocol.HttpProtobuf;

    /// <summary>Headers for the collector, as <c>name=value,name=value</c>: a key, say. Default: none.</summary>
    public string? Headers { get; set; }

    /// <summary>How often metrics are sent. Default 60 seconds.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The share of requests that are traced, from 0 to 1. Default 0.05.</summary>
    public double TracedShare { get; set; } = 0.05;
}

internal sealed partial class OtlpOptionsValidator : IValidateOptions<OtlpOptions>
{
    public ValidateOptionsResult Validate(string? name, OtlpOptions options) =>
        options.Endpoint is not null && !IsHttp(options.Endpoint)
            ? ValidateOptionsResult.Fail("Otlp:Endpoint must be an http or https URL, such as http://localhost:4318.")
        : options.Interval < TimeSpan.FromMilliseconds(100) || options.Interval > TimeSpan.FromHours(1)
            ? ValidateOptionsResult.Fail("Otlp:Interval must be between 00:00:00.1 and 01:00:00.")
        : options.TracedShare is not (>= 0 and <= 1)
            ? ValidateOptionsResult.Fail("Otlp:TracedShare must be between 0 and 1.")
        : options.Headers is { } headers && !headers.Split(',').All(IsHeader)
            ? ValidateOptionsResult.Fail(
                "Otlp:Headers must be name=value, with a comma between several, such as x-api-key=abc."
            )
        : ValidateOptionsResult.Success;

    // What the exporter would throw at its first export, or send as something else. The value is percent-decoded there.
    private static bool IsHeader(string text) =>
        text.Split('=', 2) is [var name, var value]
        && HeaderName().IsMatch(name.Trim())
        && value.Trim().Length > 0
        && value.All(c => c is >= ' ' and <= '~');

    // RFC 9110 §5.6.2.
    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
    private static partial Regex HeaderName();

    private static bool IsHttp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}

/// <summary>
/// Sends the framework's meters and ours over OTLP while the server runs, and a share of its traces. What the framework
/// writes into a trace about an address (path, query, caller) is removed: the route is kept.
/// </summary>
internal sealed class Telemetry(IOptions<OtlpOptions> options) : IHostedService
{
    private static readonly string[] Meters =
    [
        "AuthServer",
        "Recovery",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.RateLimiting",
        "Microsoft.AspNetCore.Diagnostics",
        "System.Net.Http",
        "System.Runtime",
        "Npgsql",
    ];

    private static readonly string[] Sources = ["AuthServer", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    private MeterProvider? _meters;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Endpoint is { } endpoint)
        {
            var resource = ResourceBuilder.CreateDefault().AddService("ePortfolios.Auth");
            _meters = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter(Meters)
                .AddOtlpExporter(
                    (exporter, reader) =>
                    {
                        Configure(exporter, endpoint, "v1/metrics");
                        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)
                            options.Value.Interval.TotalMilliseconds;
                    }
                )
                .Build();
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(Sources)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.Value.TracedShare)))
                .AddProcessor(new AddressRemover())
                .AddOtlpExporter(exporter => Configure(exporter, endpoint, "v1/traces"))
                .Build();
        }

        return Task.CompletedTask;
    }

    // Disposing of a provider sends what it still holds.
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _meters?.Dispose();
        _traces?.Dispose();
        return Task.CompletedTask;
    }

    private void Configure(OtlpExporterOptions exporter, string endpoint, string path)
    {
        exporter.Protocol = options.Value.Protocol;
        exporter.Headers = options.Value.Headers;
        exporter.Endpoint =
            options.Value.Protocol == OtlpExportProtocol.Grpc
                ? new Uri(endpoint)
                : new Uri(endpoint.TrimEnd('/') + "/" + path);
    }

    private sealed class AddressRemover : BaseProcessor<Activity>
    {
        private static readonly string[] Indiscreet =
        [
            "url.path",
            "url.query",
            "url.full",
            "http.target",
            "http.url",
            "client.address",
            "network.peer.address",
            "user_agent.original",
        ];

        public override void OnEnd(Activity data)
        {
            foreach (var tag in Indiscreet)
            {
                data.SetTag(tag, null);
            }
        }
    }
}

internal static class TelemetryModule
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<OtlpOptions>().BindConfiguration(OtlpOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<OtlpOptions>, OtlpOptionsValidator>();
        if (builder.Configuration[OtlpOptions.Section + ":Endpoint"] is { Length: > 0 })
        {
            // ASP.NET Core 10 names its traces' requests only when asked.
            AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
            builder.Services.AddHostedService<Telemetry>();
        }
    }

    /// <summary>Names a traced request by its route; the framework keeps that to its metrics.</summary>
    public static void UseTelemetry(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<OtlpOptions>>().Value.Endpoint is null)
        {
            return;
        }

        app.Use(
            async (http, next) =>
            {
                await next(http);
                if (Activity.Current is { IsAllDataRequested: true } request)
                {
                    var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
                    request.DisplayName = $"{http.Request.Method} {route}".TrimEnd();
                    request.SetTag("http.route", route);
                    request.SetTag("http.response.status_code", http.Response.StatusCode);
                }
            }
        );
    }
}
