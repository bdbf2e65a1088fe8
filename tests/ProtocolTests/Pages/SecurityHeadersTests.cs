using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>What a browser is told about every page.</summary>
public sealed class SecurityHeadersTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/log-in")]
    [InlineData("/log-out/done")]
    [InlineData("/help/unable-to-log-in")]
    [InlineData("/help/contact-support")]
    [InlineData("/forgotten-login-details")]
    [InlineData("/not-here")]
    public async Task No_page_may_run_or_fetch_anything_but_ours_be_framed_or_be_kept(string path)
    {
        using var browser = server.NewBrowser();

        var page = await browser.GetAsync(path);

        var policy = page.Headers["Content-Security-Policy"].Split("; ");
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("script-src 'self'", policy);
        Assert.Contains("style-src 'self'", policy);
        Assert.Contains("img-src 'self'", policy);
        Assert.Contains("form-action 'self'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.Contains("base-uri 'none'", policy);
        Assert.Equal("nosniff", page.Headers["X-Content-Type-Options"]);
        Assert.Equal("same-origin", page.Headers["Referrer-Policy"]);
        Assert.Contains("camera=()", page.Headers["Permissions-Policy"], StringComparison.Ordinal);
        Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.Empty(page.All("script:not([src]), style, [style], [onclick]"));
    }

    [Theory]
    [InlineData("GET", "/css/pages.css", 200)]
    [InlineData("GET", "/nhsuk/nhsuk.js", 200)]
    [InlineData("GET", "/.well-known/openid-configuration", 200)]
    [InlineData("GET", "/.well-known/jwks.json", 200)]
    [InlineData("GET", "/health/live", 200)]
    [InlineData("GET", "/account", 302)]
    [InlineData("POST", "/log-in", 400)]
    [InlineData("GET", "/connect/authorize", 400)]
    [InlineData("POST", "/connect/token", 400)]
    [InlineData("GET", "/connect/userinfo", 401)]
    [InlineData("GET", "/css/not-here.css", 404)]
    [InlineData("DELETE", "/connect/token", 405)]
    public async Task Whatever_is_answered_carries_them(string method, string path, int status)
    {
        using var browser = server.NewBrowser();

        var answer = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, (int)answer.Status);
        Assert.Contains("default-src 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("DENY", answer.Headers["X-Frame-Options"]);
        Assert.Equal("same-origin", answer.Headers["Referrer-Policy"]);
        Assert.Contains("camera=()", answer.Headers["Permissions-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("Server", answer.Headers.Keys);
    }

    [Fact]
    public async Task Only_pages_that_take_a_log_in_are_cut_off_from_the_window_that_opened_them()
    {
        using var browser = await server.Given.LoggedInAsync(await server.Given.AccountAsync());
        using var stranger = server.NewBrowser();

        Assert.Equal("same-origin", (await browser.GetAsync("/account")).Headers["Cross-Origin-Opener-Policy"]);
        Assert.DoesNotContain("Cross-Origin-Opener-Policy", (await stranger.GetAsync("/log-in")).Headers.Keys);
    }

    [Fact]
    public async Task A_page_on_the_way_to_an_app_lets_its_form_lead_there()
    {
        var app = await server.Given.RelyingPartyAsync();
        using var browser = server.NewBrowser();

        var page = (await browser.OpenAsync(app.Authorize().Url)).Ok();

        Assert.DoesNotContain("form-action", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_https_cookies_are_bound_to_the_host_and_a_developers_browser_is_spared_hsts()
    {
        await using var secure = await AuthServerFixture.StartAsync(https: true);
        using var browser = secure.NewBrowser();

        var page = (await browser.GetAsync("/log-in")).Ok();

        Assert.Contains(browser.Cookies, cookie => cookie is { Name: "__Host-form", Secure: true, HttpOnly: true });
        Assert.DoesNotContain("Strict-Transport-Security", page.Headers.Keys);
    }

    [Fact]
    public async Task On_https_and_a_name_of_its_own_the_server_is_only_ever_asked_over_https()
    {
        await using var secure = await AuthServerFixture.StartAsync(https: true);
        using var browser = secure.NewBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/log-in")
        {
            Headers = { Host = "auth.example.test" },
        };

        var page = (await browser.SendAsync(request)).Ok();

        Assert.Equal("max-age=31536000", page.Headers["Strict-Transport-Security"]);
    }
}
