using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using TestSupport;

namespace ProtocolTests.Hosting;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Metrics_of_the_framework_and_of_ours_reach_a_collector_and_traces_hold_no_address()
    {
        await using var collector = await Collector.StartAsync();
        await using (
            var server = await AuthServerFixture.StartAsync(
                settings: new Dictionary<string, string?>
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Endpoint,
                    ["OTEL_TRACES_SAMPLER"] = "always_on",
                }
            )
        )
        {
            using var browser = await server.Given.LoggedInAsync(await server.Given.AccountAsync());
            var app = await server.Given.RelyingPartyAsync();
            await app.SignInAsync(browser);
            await browser.GetAsync("/reset-password/AzHJSCVnmd294oT5iD-XGgfZ9666YLQOXnT6P63sh30");
        }

        var metrics = collector.Received("/v1/metrics");
        Assert.Contains("http.server.request.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("kestrel.active_connections", metrics, StringComparison.Ordinal);
        Assert.Contains("AuthServer", metrics, StringComparison.Ordinal);
        var traces = collector.Received("/v1/traces");
        Assert.Contains("/connect/token", traces, StringComparison.Ordinal); // the route
        Assert.DoesNotContain("code_challenge", traces, StringComparison.Ordinal);
        Assert.Contains("reset-password/{token?}", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("AzHJSCVnmd294", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("Mozilla", traces, StringComparison.Ordinal);
    }

    /// <summary>Takes OTLP over HTTP, and keeps the protobuf as text: names in it are plain.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, string Body)> _received = new();

        public string Endpoint { get; private set; } = "";

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var collector = new Collector(builder.Build()) { Endpoint = $"http://127.0.0.1:{FreePort.Next()}" };
            collector.App.Urls.Add(collector.Endpoint);
            collector.App.Run(async http =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                collector._received.Enqueue((http.Request.Path.Value ?? "", Encoding.Latin1.GetString(body.ToArray())));
                http.Response.ContentType = "application/x-protobuf";
            });
            await collector.App.StartAsync();
            return collector;
        }

        private WebApplication App => app;

        public string Received(string path) => string.Concat(_received.Where(r => r.Path == path).Select(r => r.Body));

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
