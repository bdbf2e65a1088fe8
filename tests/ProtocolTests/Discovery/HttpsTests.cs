using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using TestSupport;

namespace ProtocolTests.Discovery;

/// <summary>The whole way over https, as every deployment is.</summary>
[Trait("oidc", "X1")]
[Trait("spec", "RFC 9325 3.1.1")]
public sealed class HttpsTests(HttpsServer https) : IClassFixture<HttpsServer>
{
    private readonly AuthServerFixture server = https.Server;

    [Fact]
    [Trait("oidc", "X4")]
    [Trait("oidc", "N8")]
    public async Task Somebody_signs_in_and_the_cookie_is_bound_to_this_host_and_to_https()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var tokens = await app.SignInAsync(browser);

        var cookie = Assert.Single(browser.Cookies);
        Assert.Equal("__Host-session", cookie.Name);
        Assert.True(cookie.Secure);
        Assert.True(cookie.HttpOnly);
        Assert.Equal("/", cookie.Path);
        Assert.StartsWith("https://", tokens.Claims.Issuer, StringComparison.Ordinal);
        (await app.UserInfoAsync(tokens.AccessToken)).Ok();
    }

    [Fact]
    [Trait("oidc", "L2")]
    public async Task Logging_out_takes_the_cookie_away()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);

        var page = await browser.GetAsync($"/connect/endsession?id_token_hint={tokens.IdToken}");

        var removed = page.Headers["Set-Cookie"];
        Assert.StartsWith("__Host-session=;", removed, StringComparison.Ordinal);
        Assert.Contains("secure", removed, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", removed, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", removed, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", removed, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(browser.Cookies);
    }

    [Fact]
    public async Task Tls_1_3_is_offered()
    {
        Assert.Equal(SslProtocols.Tls13, await HandshakeAsync(SslProtocols.None));
    }

    private async Task<SslProtocols> HandshakeAsync(SslProtocols offered)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", new Uri(server.Issuer).Port);
        await using var tls = new SslStream(
            tcp.GetStream(),
            false,
            (_, certificate, _, _) => certificate?.GetCertHashString() == server.Certificate?.Thumbprint
        );
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = offered }
        );
        return tls.SslProtocol;
    }
}
