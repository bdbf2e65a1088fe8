using System.Net;
using System.Net.Http.Headers;
using AuthServer.Protocol.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using TestSupport;

namespace ProtocolTests.UserInfo;

/// <summary>How an access token is shown to userinfo, and what is said to a wrong one (RFC 6750 §2, §3).</summary>
[Trait("spec", "OIDC Core 5.3.1")]
public sealed class BearerTokenTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Theory]
    [InlineData("header")]
    [InlineData("posted header")]
    [InlineData("form")]
    [InlineData("lower-case scheme")]
    [Trait("oidc", "U1")]
    [Trait("oidc", "U6")]
    [Trait("spec", "RFC 6750 2.1")]
    public async Task The_token_may_come_in_the_header_or_in_a_form(string how)
    {
        var (_, tokens) = await SignedInAsync();
        using var app = server.NewBrowser();
        var request = new HttpRequestMessage(
            how == "header" ? HttpMethod.Get : HttpMethod.Post,
            RelyingParty.UserInfoPath
        )
        {
            Content = how switch
            {
                "form" => new FormUrlEncodedContent([new("access_token", tokens.AccessToken)]),
                "posted header" => new FormUrlEncodedContent([]),
                _ => null,
            },
        };
        if (how != "form")
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                how == "lower-case scheme" ? "bearer" : "Bearer",
                tokens.AccessToken
            );
        }

        var page = (await app.SendAsync(request)).Ok();

        Assert.Equal(tokens.Claims.Subject, page.Json.GetProperty("sub").GetString());
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
    }

    [Fact]
    [Trait("oidc", "U1")]
    [Trait("oidc", "N6")]
    [Trait("spec", "RFC 6750 3")]
    public async Task Without_a_token_there_is_a_challenge_and_no_error_code()
    {
        using var app = server.NewBrowser();

        var page = await app.GetAsync(RelyingParty.UserInfoPath);

        Assert.Equal(HttpStatusCode.Unauthorized, page.Status);
        Assert.Equal("Bearer", page.Headers["WWW-Authenticate"]);
        Assert.False(page.Json.TryGetProperty("error", out _));
    }

    [Fact]
    [Trait("oidc", "U6")]
    [Trait("spec", "RFC 9700 4.3.2")]
    public async Task A_token_in_the_address_is_not_looked_at()
    {
        var (_, tokens) = await SignedInAsync();
        using var app = server.NewBrowser();

        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await app.GetAsync($"{RelyingParty.UserInfoPath}?access_token={tokens.AccessToken}")).Status
        );
    }

    [Fact]
    [Trait("oidc", "U1")]
    [Trait("spec", "RFC 6750 2")]
    public async Task A_token_in_two_places_is_refused()
    {
        var (_, tokens) = await SignedInAsync();
        using var app = server.NewBrowser();
        var request = new HttpRequestMessage(HttpMethod.Post, RelyingParty.UserInfoPath)
        {
            Content = new FormUrlEncodedContent([new("access_token", tokens.AccessToken)]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);

        (await app.SendAsync(request)).IsError("invalid_request");
    }

    [Fact]
    [Trait("oidc", "U1")]
    [Trait("spec", "RFC 6750 3.1")]
    public async Task A_token_that_is_there_twice_is_refused()
    {
        var (_, tokens) = await SignedInAsync();
        using var app = server.NewBrowser();
        var headers = new HttpRequestMessage(HttpMethod.Get, RelyingParty.UserInfoPath);
        headers.Headers.TryAddWithoutValidation(
            "Authorization",
            [$"Bearer {tokens.AccessToken}", $"Bearer {tokens.AccessToken}"]
        );

        var form = await app.PostAsync(
            RelyingParty.UserInfoPath,
            [new("access_token", tokens.AccessToken), new("access_token", tokens.AccessToken)]
        );

        form.IsError("invalid_request");
        Assert.InRange((int)(await app.SendAsync(headers)).Status, 400, 401);
    }

    [Theory]
    [InlineData("id token")]
    [InlineData("refresh token")]
    [InlineData("changed")]
    [InlineData("unsigned")]
    [InlineData("garbage")]
    [Trait("oidc", "U1")]
    [Trait("spec", "RFC 6750 3.1")]
    public async Task Anything_but_an_access_token_of_ours_is_invalid_token(string what)
    {
        var (app, tokens) = await SignedInAsync();
        var parts = tokens.AccessToken.Split('.');

        var page = await app.UserInfoAsync(
            what switch
            {
                "id token" => tokens.IdToken,
                "refresh token" => tokens.RefreshToken!,
                "changed" => $"{parts[0]}.{parts[1][..^2]}AA.{parts[2]}",
                "unsigned" => $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.",
                _ => "garbage",
            }
        );

        page.IsError("invalid_token", HttpStatusCode.Unauthorized);
        Assert.StartsWith("Bearer error=\"invalid_token\"", page.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("oidc", "U1")]
    [Trait("spec", "RFC 6750 3.1")]
    public async Task A_token_without_openid_is_insufficient_scope()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var (code, attempt) = await app.CodeAsync(browser, "profile");
        var token = (await app.RedeemAsync(code, attempt.Verifier)).AccessToken();

        var page = await app.UserInfoAsync(token);

        page.IsError("insufficient_scope", HttpStatusCode.Forbidden);
        Assert.StartsWith(
            "Bearer error=\"insufficient_scope\"",
            page.Headers["WWW-Authenticate"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_signature_of_a_token_is_checked_once_however_often_it_is_shown()
    {
        var (_, tokens) = await SignedInAsync();
        var reader = server.Services.GetRequiredService<AccessTokenReader>();

        Assert.True((await reader.ReadAsync(tokens.AccessToken, CancellationToken.None)).TryGet(out var first, out _));
        Assert.True((await reader.ReadAsync(tokens.AccessToken, CancellationToken.None)).TryGet(out var again, out _));

        Assert.Same(first, again);
    }

    private async Task<(RelyingParty App, Tokens Tokens)> SignedInAsync()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope);
        return (app, await app.SignInAsync(browser));
    }
}
