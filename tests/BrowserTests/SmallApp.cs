using System.Net.Mime;
using AuthServer.Clients;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using TestSupport;

namespace BrowserTests;

/// <summary>
/// An app on two hosts of its own, as many are: one receives people at the redirect URI and sends them on to the other,
/// where the app itself is. Its pictures come from the first.
/// </summary>
internal sealed class SmallApp : IAsyncDisposable
{
    private const string Logo =
        """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 64"><rect width="220" height="64" rx="6" fill="#003087"/><text x="20" y="42" font-family="sans-serif" font-size="28" fill="#fff">Foundation</text></svg>""";

    private readonly WebApplication _site;

    private SmallApp(WebApplication site, string receives, string home) =>
        (_site, Receives, Home) = (site, receives, home);

    /// <summary>The origin of the redirect URI.</summary>
    public string Receives { get; }

    /// <summary>The origin where people end up.</summary>
    public string Home { get; }

    public ClientMetadata Metadata =>
        new()
        {
            ClientName = "Foundation ePortfolio",
            ClientUri = $"{Home}/",
            LogoUri = $"{Receives}/logo.svg",
            PolicyUri = $"{Home}/privacy",
            TosUri = $"{Home}/terms",
            RedirectUris = [$"{Receives}/callback"],
            PostLogoutRedirectUris = [$"{Receives}/goodbye"],
        };

    public static async Task<SmallApp> StartAsync()
    {
        // Another process may take a port between the draw and the start; then the next draw is tried.
        for (var attempt = 1; ; attempt++)
        {
            var receives = $"http://127.0.0.1:{FreePort.Next()}";
            var home = $"http://localhost:{FreePort.Next()}";
            var site = Build(receives, home);
            try
            {
                await site.StartAsync();
                return new SmallApp(site, receives, home);
            }
            catch (IOException) when (attempt < 5)
            {
                await site.DisposeAsync();
            }
        }
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private static WebApplication Build(string receives, string home)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(receives, home);
        var site = builder.Build();
        site.Run(async http =>
        {
            switch (http.Request.Path.Value)
            {
                case "/logo.svg":
                    http.Response.ContentType = MediaTypeNames.Image.Svg;
                    await http.Response.WriteAsync(Logo);
                    break;
                case "/callback" or "/goodbye":
                    http.Response.Redirect($"{home}{http.Request.Path}/done");
                    break;
                default:
                    http.Response.ContentType = MediaTypeNames.Text.Html;
                    await http.Response.WriteAsync(
                        $"<!doctype html><html lang=en><title>App</title><h1>The app, {http.Request.Path}</h1>"
                    );
                    break;
            }
        });
        return site;
    }
}
