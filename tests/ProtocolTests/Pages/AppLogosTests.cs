using System.Net;
using AuthServer.Clients;
using AuthServer.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>
/// An app's logo comes from this server: a browser that is about to log in asks nobody else for anything.
/// </summary>
public sealed class AppLogosTests : IAsyncLifetime
{
    private static readonly byte[] Picture = [0x89, 0x50, 0x4E, 0x47, 1, 2, 3];

    private readonly string _origin = $"http://127.0.0.1:{FreePort.Next()}";
    private AuthServerFixture _server = null!;
    private WebApplication _app = null!;
    private TestBrowser _browser = null!;
    private int _asked;
    private bool _away;

    public async Task InitializeAsync()
    {
        _server = await AuthServerFixture.StartAsync(new FixedClock());
        _browser = _server.NewBrowser();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(_origin);
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _app.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_page_and_its_policy_name_nobody_but_this_server()
    {
        var app = await AppAsync("/logo.png");

        var page = (await _browser.OpenAsync(app.Authorize().Url)).Ok();

        Assert.Equal($"/app-logo/{app.Client.ClientId}", page.One("main img").GetAttribute("src"));
        Assert.Contains("img-src 'self';", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain(_origin, page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_picture_is_the_apps_and_the_app_is_asked_once_in_an_hour()
    {
        var app = await AppAsync("/logo.png");

        var first = (await LogoAsync(app)).Ok();
        await LogoAsync(app);
        _server.Clock.Advance(TimeSpan.FromMinutes(59));
        await LogoAsync(app);

        Assert.Equal("image/png", first.Headers["Content-Type"]);
        Assert.Equal("7", first.Headers["Content-Length"]);
        Assert.Equal("public, max-age=3600", first.Headers["Cache-Control"]);
        Assert.EndsWith("sandbox", first.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal(1, _asked);

        _server.Clock.Advance(TimeSpan.FromMinutes(1));
        await LogoAsync(app);
        Assert.Equal(2, _asked);
    }

    [Theory]
    [InlineData("/page.html")]
    [InlineData("/large.png")]
    [InlineData("/empty.png")]
    [InlineData("/missing.png")]
    [InlineData("/elsewhere.png")]
    public async Task What_is_no_small_picture_is_not_passed_on(string path)
    {
        var app = await AppAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, (await LogoAsync(app)).Status);
        Assert.Equal(1, _asked);
        (await _browser.OpenAsync(app.Authorize().Url)).Ok();
    }

    [Fact]
    public async Task An_app_that_was_away_is_asked_again_a_minute_later()
    {
        var app = await AppAsync("/logo.png");
        _away = true;
        Assert.Equal(HttpStatusCode.NotFound, (await LogoAsync(app)).Status);
        _away = false;
        Assert.Equal(HttpStatusCode.NotFound, (await LogoAsync(app)).Status);

        _server.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.OK, (await LogoAsync(app)).Status);
    }

    [Fact]
    public async Task Nobody_is_asked_for_the_logo_of_an_app_that_is_not_registered_or_has_none()
    {
        var plain = await _server.Given.RelyingPartyAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await LogoAsync(plain)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _browser.GetAsync("/app-logo/nobody")).Status);
        Assert.Equal(0, _asked);
    }

    private async Task<RelyingParty> AppAsync(string logo) =>
        await _server.Given.RelyingPartyAsync(
            new ClientMetadata
            {
                ClientName = "Portfolio",
                LogoUri = _origin + logo,
                RedirectUris = [Given.RedirectUri],
            }
        );

    private Task<Page> LogoAsync(RelyingParty app) => _browser.GetAsync($"/app-logo/{app.Client.ClientId}");

    private async Task AnswerAsync(HttpContext http)
    {
        Interlocked.Increment(ref _asked);
        var path = http.Request.Path.Value ?? "";
        if (_away || path == "/missing.png")
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (path == "/elsewhere.png")
        {
            http.Response.Redirect("/logo.png");
            return;
        }

        http.Response.ContentType = path == "/page.html" ? "text/html" : "image/png";
        await http.Response.Body.WriteAsync(
            path switch
            {
                "/empty.png" => [],
                "/large.png" => new byte[AppLogos.Largest + 1],
                _ => Picture,
            }
        );
    }
}
