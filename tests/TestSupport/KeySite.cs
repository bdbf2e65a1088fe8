using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TestSupport;

/// <summary>
/// The site of an app that publishes its keys (<c>jwks_uri</c>), and counts how often they are fetched.
/// </summary>
internal sealed class KeySite : IAsyncDisposable
{
    private WebApplication? _site;
    private int _fetches;

    public string Uri { get; private set; } = "";

    /// <summary>The body of its responses.</summary>
    public string Body { get; set; } = "";

    /// <summary>The status of its responses. A redirect leads to the same keys.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    public int Fetches => _fetches;

    public static async Task<KeySite> StartAsync(string body)
    {
        // Another process may take a port between the draw and the start; then the next draw is tried.
        for (var attempt = 1; ; attempt++)
        {
            var origin = $"http://127.0.0.1:{FreePort.Next()}";
            var site = new KeySite { Uri = origin + "/jwks", Body = body };
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls(origin);
            builder.Logging.ClearProviders();
            site._site = builder.Build();
            site._site.MapGet("/jwks", site.AnswerAsync);
            site._site.MapGet("/elsewhere", () => site.Body);
            try
            {
                await site._site.StartAsync();
                return site;
            }
            catch (IOException) when (attempt < 5)
            {
                await site.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_site is { } site)
        {
            await site.DisposeAsync();
        }
    }

    private Task AnswerAsync(HttpContext http)
    {
        Interlocked.Increment(ref _fetches);
        http.Response.StatusCode = Status;
        http.Response.Headers.Location = "/elsewhere";
        return http.Response.WriteAsync(Body);
    }
}
