using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using TestSupport;

namespace ProtocolTests.Token;

/// <summary>Codes are traded once, in time, by whom they were given to (RFC 6749 §4.1.3).</summary>
public sealed class AuthorizationCodeGrantTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private readonly AuthServerFixture server = clocked.Server;

    [Fact]
    [Trait("oidc", "T3")]
    [Trait("oidc", "X3")]
    [Trait("spec", "OIDC Core 3.1.3.3")]
    [Trait("spec", "RFC 6749 5.1")]
    public async Task A_code_is_traded_for_tokens_that_are_never_cached()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var (code, attempt) = await app.CodeAsync(browser, "openid email");

        var answer = (await app.RedeemAsync(code, attempt.Verifier)).Ok();

        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.Equal("no-cache", answer.Headers["Pragma"]);
        Assert.Equal("Bearer", answer.Json.GetProperty("token_type").GetString());
        Assert.Equal(600, answer.Json.GetProperty("expires_in").GetInt32());
        Assert.Equal("openid email", answer.Json.GetProperty("scope").GetString());
        Assert.Equal(3, answer.AccessToken().Split('.').Length);
        Assert.NotEmpty(answer.RefreshToken());
        Assert.NotEmpty(answer.Json.GetProperty("id_token").GetString()!);
    }

    [Fact]
    [Trait("oidc", "T3")]
    [Trait("spec", "RFC 6749 5.1")]
    public async Task Expires_in_is_the_whole_lifetime_also_between_two_seconds()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var (code, attempt) = await app.CodeAsync(browser);
        server.Clock.Advance(TimeSpan.FromMilliseconds(800));

        var redeemed = (await app.RedeemAsync(code, attempt.Verifier)).Ok();
        var refreshed = (await app.RefreshAsync(redeemed.RefreshToken())).Ok();

        Assert.Equal(600, redeemed.Json.GetProperty("expires_in").GetInt32());
        Assert.Equal(600, refreshed.Json.GetProperty("expires_in").GetInt32());
    }

    [Fact]
    [Trait("oidc", "T4")]
    [Trait("oidc", "U5")]
    [Trait("spec", "RFC 6749 4.1.2")]
    public async Task A_code_redeemed_twice_revokes_the_tokens_of_the_first()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var (code, attempt) = await app.CodeAsync(browser);
        var tokens = await app.RedeemedAsync(code, attempt);

        var again = await app.RedeemAsync(code, attempt.Verifier);

        again.IsError("invalid_grant");
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
        (await app.RefreshAsync(tokens.RefreshToken!)).IsError("invalid_grant");
    }

    [Fact]
    [Trait("oidc", "T4")]
    [Trait("oidc", "U5")]
    [Trait("spec", "RFC 6749 4.1.2")]
    public async Task A_code_redeemed_again_after_half_a_minute_revokes_the_tokens_too()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var (code, attempt) = await app.CodeAsync(browser);
        var tokens = await app.RedeemedAsync(code, attempt);
        (await app.UserInfoAsync(tokens.AccessToken)).Ok();

        server.Clock.Advance(TimeSpan.FromSeconds(30));

        (await app.RedeemAsync(code, attempt.Verifier)).IsError("invalid_grant");
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    [InlineData(62, false)]
    [Trait("oidc", "T5")]
    [Trait("spec", "RFC 6749 4.1.2")]
    public async Task A_code_works_for_less_than_a_minute(int seconds, bool works)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var (code, attempt) = await app.CodeAsync(browser);

        server.Clock.Advance(TimeSpan.FromSeconds(seconds));
        var answer = await app.RedeemAsync(code, attempt.Verifier);

        Assert.Equal(works ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
        if (!works)
        {
            answer.IsError("invalid_grant");
        }
    }

    [Fact]
    [Trait("oidc", "T4")]
    [Trait("spec", "RFC 6749 4.1.3")]
    public async Task Another_redirect_uri_than_the_requests_is_refused_and_spends_nothing()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var (code, attempt) = await app.CodeAsync(browser);

        (await RedeemAsync(app, code, "https://app.example.test/other", attempt.Verifier)).IsError("invalid_grant");
        (await RedeemAsync(app, code, null, attempt.Verifier)).IsError("invalid_grant");

        (await app.RedeemAsync(code, attempt.Verifier)).Ok();
    }

    [Fact]
    [Trait("oidc", "T4")]
    [Trait("spec", "RFC 6749 4.1.3")]
    public async Task Another_clients_code_is_refused_and_stays_its_owners()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var thief = await server.Given.RelyingPartyAsync();
        var (code, attempt) = await app.CodeAsync(browser);

        (await thief.RedeemAsync(code, attempt.Verifier)).IsError("invalid_grant");

        (await app.RedeemAsync(code, attempt.Verifier)).Ok();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tooshort")]
    [InlineData(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    )]
    [InlineData("wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong")]
    [InlineData("é€😀 with characters that no verifier may have in it ....")]
    [Trait("oidc", "T6")]
    [Trait("spec", "RFC 7636 4.6")]
    public async Task A_missing_or_wrong_verifier_is_invalid_grant_and_spends_nothing(string? verifier)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var (code, attempt) = await app.CodeAsync(browser);

        (await RedeemAsync(app, code, app.RedirectUri, verifier)).IsError("invalid_grant");

        (await app.RedeemAsync(code, attempt.Verifier)).Ok();
    }

    [Fact]
    [Trait("oidc", "T6")]
    [Trait("spec", "RFC 9700 2.1.1")]
    public async Task A_verifier_for_a_request_without_a_challenge_is_refused()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope);
        var none = new Dictionary<string, string?> { ["code_challenge"] = null, ["code_challenge_method"] = null };
        var (code, attempt) = await app.CodeAsync(browser, more: none);

        (await app.RedeemAsync(code, attempt.Verifier)).IsError("invalid_grant");
    }

    [Theory]
    [InlineData(43)]
    [InlineData(128)]
    [Trait("oidc", "A12")]
    [Trait("spec", "RFC 7636 4.1")]
    public async Task A_verifier_may_be_43_to_128_unreserved_characters(int length)
    {
        var verifier = string.Concat(Enumerable.Range(0, length).Select(i => "aZ0-._~"[i % 7]));
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var (code, _) = await app.CodeAsync(
            browser,
            more: new Dictionary<string, string?> { ["code_challenge"] = challenge }
        );

        (await app.RedeemAsync(code, verifier)).Ok();
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("not a code at all ✂")]
    [Trait("oidc", "T7")]
    [Trait("spec", "RFC 6749 5.2")]
    public async Task A_code_that_was_tampered_with_is_invalid_grant(string change)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var (code, attempt) = await app.CodeAsync(browser);

        (await app.RedeemAsync(code[..^1] + change, attempt.Verifier)).IsError("invalid_grant");
        (await app.RedeemAsync(change + code[1..], attempt.Verifier)).IsError("invalid_grant");
    }

    [Fact]
    [Trait("oidc", "X5")]
    [Trait("spec", "RFC 6749 10.10")]
    public async Task Codes_and_tokens_are_long_and_never_the_same()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var seen = new HashSet<string>();
        for (var i = 0; i < 10; i++)
        {
            var (code, attempt) = await app.CodeAsync(browser);
            var answer = (await app.RedeemAsync(code, attempt.Verifier)).Ok();
            foreach (var secret in new[] { code, answer.AccessToken(), answer.RefreshToken() })
            {
                Assert.True(seen.Add(secret));
                Assert.InRange(secret.Length, 43, 4096);
            }
        }
    }

    [Fact]
    [Trait("oidc", "T9")]
    [Trait("spec", "RFC 6749 6")]
    public async Task A_client_that_is_not_registered_to_refresh_gets_no_refresh_token()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            ProtocolSteps.EveryScope with
            {
                GrantTypes = ["authorization_code"],
            }
        );

        Assert.Null((await app.SignInAsync(browser)).RefreshToken);
    }

    [Theory]
    [InlineData("access_token_lifetime")]
    [InlineData("id_token_lifetime")]
    [Trait("oidc", "T3")]
    public async Task A_client_may_have_lifetimes_of_its_own(string which)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            ProtocolSteps.EveryScope with
            {
                AccessTokenLifetime = 120,
                IdTokenLifetime = 180,
            }
        );
        var (code, attempt) = await app.CodeAsync(browser);
        var answer = (await app.RedeemAsync(code, attempt.Verifier)).Ok();
        var idToken = await app.VerifyIdTokenAsync(answer.Json.GetProperty("id_token").GetString()!, attempt.Nonce);

        Assert.Equal(
            which == "access_token_lifetime" ? 120 : 180,
            which == "access_token_lifetime"
                ? answer.Json.GetProperty("expires_in").GetInt32()
                : idToken.GetPayloadValue<long>("exp") - idToken.GetPayloadValue<long>("iat")
        );
    }

    private static Task<Page> RedeemAsync(RelyingParty app, string code, string? redirectUri, string? verifier)
    {
        var fields = new Dictionary<string, string?>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = redirectUri,
            ["code_verifier"] = verifier,
        };
        return app.TokenAsync(
            fields.Where(field => field.Value is not null).ToDictionary(field => field.Key, field => field.Value!)
        );
    }
}
