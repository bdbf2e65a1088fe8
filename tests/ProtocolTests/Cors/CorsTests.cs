using System.Net;
using TestSupport;

namespace ProtocolTests.Cors;

/// <summary>Which other sites' scripts may read an answer (Fetch standard §3.2).</summary>
[Trait("oidc", "N5")]
[Trait("spec", "Fetch 3.2")]
public sealed class CorsTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private const string PublicOrigin = "https://spa.example.test";
    private const string ConfidentialOrigin = "https://app.example.test";
    private const string AllowOrigin = "Access-Control-Allow-Origin";

    private readonly AuthServerFixture server = clocked.Server;

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/jwks.json")]
    public async Task What_is_public_may_be_read_by_anybody(string path)
    {
        var page = (await AskAsync("GET", path, "https://anybody.example.test")).Ok();

        Assert.Equal("*", page.Headers[AllowOrigin]);
    }

    [Theory]
    [InlineData("POST", "/connect/token")]
    [InlineData("GET", "/connect/userinfo")]
    [InlineData("POST", "/connect/userinfo")]
    [InlineData("POST", "/connect/revoke")]
    public async Task Tokens_and_userinfo_may_be_read_by_public_clients_scripts_errors_too(string method, string path)
    {
        await GivenBothKindsAsync();

        Assert.Equal(PublicOrigin, (await AskAsync(method, path, PublicOrigin)).Headers[AllowOrigin]);
    }

    [Theory]
    [InlineData(ConfidentialOrigin)]
    [InlineData("https://anybody.example.test")]
    [InlineData("https://spa.example.test.evil.test")]
    [InlineData("https://spa.example.test:8443")]
    [InlineData("http://spa.example.test")]
    [InlineData("null")]
    public async Task Nobody_elses_scripts_may(string origin)
    {
        await GivenBothKindsAsync();

        foreach (
            var (method, path) in new[]
            {
                ("POST", "/connect/token"),
                ("GET", "/connect/userinfo"),
                ("POST", "/connect/revoke"),
            }
        )
        {
            Assert.False((await AskAsync(method, path, origin)).Headers.ContainsKey(AllowOrigin));
            Assert.False((await AskAsync("OPTIONS", path, origin, "POST")).Headers.ContainsKey(AllowOrigin));
        }
    }

    [Theory]
    [InlineData("GET", "/connect/authorize")]
    [InlineData("POST", "/connect/introspect")]
    [InlineData("GET", "/connect/endsession")]
    public async Task What_no_script_has_to_read_none_may(string method, string path)
    {
        await GivenBothKindsAsync();

        Assert.False((await AskAsync(method, path, PublicOrigin)).Headers.ContainsKey(AllowOrigin));
    }

    [Theory]
    [InlineData("/connect/token", "POST")]
    [InlineData("/connect/userinfo", "GET")]
    [InlineData("/connect/revoke", "POST")]
    public async Task A_preflight_is_answered_with_what_is_allowed_and_remembered(string path, string method)
    {
        await GivenBothKindsAsync();

        var page = await AskAsync("OPTIONS", path, PublicOrigin, method, "authorization,content-type");

        Assert.Equal(HttpStatusCode.NoContent, page.Status);
        Assert.Equal(PublicOrigin, page.Headers[AllowOrigin]);
        Assert.Contains(method, page.Headers["Access-Control-Allow-Methods"], StringComparison.Ordinal);
        Assert.Contains(
            "authorization",
            page.Headers["Access-Control-Allow-Headers"],
            StringComparison.OrdinalIgnoreCase
        );
        Assert.Equal("600", page.Headers["Access-Control-Max-Age"]);
        Assert.False(page.Headers.ContainsKey("Access-Control-Allow-Credentials"));
    }

    private async Task<Page> AskAsync(
        string method,
        string path,
        string origin,
        string? preflightFor = null,
        string? headers = null
    )
    {
        using var browser = server.NewBrowser();
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (preflightFor is not null)
        {
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", preflightFor);
        }

        if (headers is not null)
        {
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", headers);
        }

        return await browser.SendAsync(request);
    }

    private async Task GivenBothKindsAsync()
    {
        await server.Given.ClientAsync(ProtocolSteps.PublicApp);
        await server.Given.ClientAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(5)); // within which a change made elsewhere shows
    }
}
