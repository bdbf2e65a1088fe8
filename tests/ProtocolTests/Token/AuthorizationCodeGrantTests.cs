using System.Net;
using TestSupport;

namespace ProtocolTests.Token;

public sealed class AuthorizationCodeGrantTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Fact]
    [Trait("oidc", "T3")]
    [Trait("oidc", "T8")]
    [Trait("spec", "OIDC Core 3.1.3")]
    public async Task A_code_is_traded_for_tokens_that_verify()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();

        var tokens = await app.SignInAsync(browser);

        Assert.Equal(account.Id.ToString(), tokens.Claims.Subject);
        Assert.NotNull(tokens.RefreshToken);
        Assert.Equal(account.Id.ToString(), (await app.UserInfoAsync(tokens.AccessToken)).Ok().Json.GetProperty("sub").GetString());
        var refreshed = (await app.RefreshAsync(tokens.RefreshToken)).Ok();
        Assert.NotEqual(tokens.RefreshToken, refreshed.Json.GetProperty("refresh_token").GetString());
    }

    [Fact]
    [Trait("oidc", "T4")]
    [Trait("oidc", "U5")]
    [Trait("spec", "RFC 6749 4.1.2")]
    public async Task A_code_redeemed_twice_revokes_the_tokens_of_the_first()
    {
        using var browser = await server.Given.LoggedInAsync(await server.Given.AccountAsync());
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();
        var code = app.Callback(await browser.OpenAsync(attempt.Url), attempt)["code"];
        var tokens = await app.RedeemedAsync(code, attempt);

        var again = await app.RedeemAsync(code, attempt.Verifier);

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Equal("invalid_grant", again.Json.GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.RefreshAsync(tokens.RefreshToken!)).Status);
    }
}
