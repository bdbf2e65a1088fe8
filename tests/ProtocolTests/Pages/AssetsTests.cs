using System.Net;
using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>Styles, scripts and pictures: all ours, compressed, and kept by browsers for a year.</summary>
public sealed class AssetsTests : IAsyncLifetime
{
    private AuthServerFixture _server = null!;

    // In Development nothing is kept, so that a change shows.
    public async Task InitializeAsync() => _server = await AuthServerFixture.StartAsync(environment: "Production");

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Everything_a_page_asks_for_is_here_and_kept_for_a_year()
    {
        using var browser = _server.NewBrowser();
        var page = (await browser.GetAsync("/log-in")).Ok();

        var asked = page.All("link[href], script[src], img[src]")
            .Select(element => element.GetAttribute("href") ?? element.GetAttribute("src") ?? "")
            .ToList();

        Assert.NotEmpty(asked);
        foreach (var address in asked)
        {
            Assert.StartsWith("/", address, StringComparison.Ordinal);
            var asset = (await browser.GetAsync(address)).Ok();
            Assert.Equal("max-age=31536000, immutable", asset.Headers["Cache-Control"]);
            Assert.Equal("nosniff", asset.Headers["X-Content-Type-Options"]);
        }
    }

    [Fact]
    public async Task Styles_and_scripts_ask_nobody_else_for_anything()
    {
        using var browser = _server.NewBrowser();
        var page = (await browser.GetAsync("/log-in")).Ok();

        foreach (
            var address in page.All("link[rel=stylesheet], link[rel=modulepreload]")
                .Select(link => link.GetAttribute("href")!)
        )
        {
            var asset = (await browser.GetAsync(address)).Ok();

            Assert.DoesNotContain("url(http", asset.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("url(//", asset.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("@font-face", asset.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("@import", asset.Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_browser_that_can_unpack_gets_the_styles_packed()
    {
        using var browser = _server.NewBrowser();
        var address = (await browser.GetAsync("/log-in"))
            .One("link[href*='/nhsuk.'][rel=stylesheet]")
            .GetAttribute("href")!;

        var asset = await browser.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept-Encoding", "gzip" } } }
        );

        Assert.Equal(HttpStatusCode.OK, asset.Status);
        Assert.Equal("gzip", asset.Headers["Content-Encoding"]);
        Assert.Contains("Accept-Encoding", asset.Headers["Vary"], StringComparison.OrdinalIgnoreCase);
    }
}
