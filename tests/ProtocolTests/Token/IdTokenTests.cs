using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using TestSupport;

namespace ProtocolTests.Token;

/// <summary>What is in an ID token, and what is not (OIDC Core §2, §3.1.3.6).</summary>
[Trait("oidc", "T8")]
[Trait("spec", "OIDC Core 2")]
public sealed class IdTokenTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private readonly AuthServerFixture server = clocked.Server;

    [Fact]
    [Trait("oidc", "J3")]
    [Trait("oidc", "X4")]
    [Trait("oidc", "L9")]
    public async Task It_says_who_for_whom_by_whom_and_when()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var loggedInAt = server.Now.ToUnixTimeSeconds();
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        var app = await server.Given.RelyingPartyAsync();

        var token = (await app.SignInAsync(browser, "openid profile email phone address")).Claims;

        Assert.Equal("RS256", token.Alg);
        Assert.Equal("JWT", token.Typ);
        Assert.NotEmpty(token.Kid);
        Assert.Equal(server.Issuer, token.Issuer);
        Assert.Equal(account.Id.ToString(), token.Subject);
        Assert.Equal([app.Client.ClientId], token.Audiences);
        Assert.Equal(server.Now.ToUnixTimeSeconds(), token.GetPayloadValue<long>("iat"));
        Assert.Equal(server.Now.AddMinutes(10).ToUnixTimeSeconds(), token.GetPayloadValue<long>("exp"));
        Assert.Equal(loggedInAt, token.GetPayloadValue<long>("auth_time"));
        Assert.Equal(await server.SidAsync(account), token.GetPayloadValue<string>("sid"));
        Assert.Equal(["pwd"], token.GetPayloadValue<string[]>("amr"));
        Assert.Matches(@"\A[\x21-\x7E]{1,255}\z", token.Subject);
    }

    [Fact]
    [Trait("spec", "OIDC Core 5.4")]
    public async Task Claims_of_scopes_are_left_to_userinfo()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope);

        var token = (await app.SignInAsync(browser, "openid profile email phone address professional")).Claims;

        Assert.Equal(
            ["amr", "at_hash", "aud", "auth_time", "exp", "iat", "iss", "nonce", "sid", "sub"],
            PayloadOf(token).EnumerateObject().Select(claim => claim.Name).Order()
        );
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [Trait("spec", "OIDC Core 3.1.3.6")]
    public async Task Its_at_hash_is_the_left_half_of_the_access_tokens_hash(string algorithm)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            ProtocolSteps.EveryScope with
            {
                IdTokenSignedResponseAlg = algorithm,
            }
        );

        var tokens = await app.SignInAsync(browser);

        var half = SHA256.HashData(Encoding.ASCII.GetBytes(tokens.AccessToken)).AsSpan(0, 16);
        Assert.Equal(Base64Url.EncodeToString(half), tokens.Claims.GetPayloadValue<string>("at_hash"));
    }

    [Fact]
    [Trait("spec", "OIDC Core 3.1.2.1")]
    public async Task It_has_a_nonce_only_when_one_was_sent()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var (code, attempt) = await app.CodeAsync(browser, more: new Dictionary<string, string?> { ["nonce"] = null });

        var answer = (await app.RedeemAsync(code, attempt.Verifier)).Ok();
        var token = await app.VerifyIdTokenAsync(answer.Json.GetProperty("id_token").GetString()!, null);

        Assert.False(PayloadOf(token).TryGetProperty("nonce", out _));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [Trait("oidc", "J3")]
    [Trait("spec", "OIDC Registration 2")]
    public async Task It_is_signed_as_the_client_registered(string algorithm)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            ProtocolSteps.EveryScope with
            {
                IdTokenSignedResponseAlg = algorithm,
            }
        );

        Assert.Equal(algorithm, (await app.SignInAsync(browser)).Claims.Alg);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [Trait("oidc", "J3")]
    [Trait("spec", "RFC 9068 2")]
    public async Task The_access_token_beside_it_is_an_RFC_9068_token(string algorithm)
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync(
            ProtocolSteps.EveryScope with
            {
                AccessTokenSignedResponseAlg = algorithm,
                AccessTokenAudience = ["https://one.example.test", "https://two.example.test"],
            }
        );

        var tokens = await app.SignInAsync(browser, "openid email");
        var token = new JsonWebToken(tokens.AccessToken);

        Assert.Equal("at+jwt", token.Typ);
        Assert.Equal(algorithm, token.Alg);
        Assert.NotEmpty(token.Kid);
        Assert.Equal(server.Issuer, token.Issuer);
        Assert.Equal(account.Id.ToString(), token.Subject);
        Assert.Equal(["https://one.example.test", "https://two.example.test"], token.Audiences);
        Assert.Equal(app.Client.ClientId, token.GetPayloadValue<string>("client_id"));
        Assert.Equal("openid email", token.GetPayloadValue<string>("scope"));
        Assert.Equal(tokens.Claims.GetPayloadValue<string>("sid"), token.GetPayloadValue<string>("sid"));
        Assert.InRange(token.Id.Length, 22, 100);
    }

    [Fact]
    [Trait("oidc", "J3")]
    [Trait("spec", "RFC 9068 2.2")]
    public async Task The_access_token_says_when_the_user_logged_in_and_holds_no_claim_that_is_not_meant_for_it()
    {
        using var browser = await server.NewPersonAsync();
        var loggedInAt = server.Now.ToUnixTimeSeconds();
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        var app = await server.Given.RelyingPartyAsync();

        var tokens = await app.SignInAsync(browser, "openid email");
        var refreshed = (await app.RefreshAsync(tokens.RefreshToken!)).AccessToken();

        foreach (var token in new[] { new JsonWebToken(tokens.AccessToken), new JsonWebToken(refreshed) })
        {
            Assert.Equal(
                ["aud", "auth_time", "client_id", "exp", "gid", "iat", "iss", "jti", "scope", "sid", "sub"],
                PayloadOf(token).EnumerateObject().Select(claim => claim.Name).Order()
            );
            Assert.Equal(loggedInAt, token.GetPayloadValue<long>("auth_time"));
            Assert.Equal(server.Now.ToUnixTimeSeconds(), token.GetPayloadValue<long>("iat"));
            Assert.Equal(server.Now.AddMinutes(10).ToUnixTimeSeconds(), token.GetPayloadValue<long>("exp"));
        }
    }

    [Fact]
    [Trait("oidc", "A11")]
    [Trait("spec", "OIDC Core 5.5")]
    public async Task A_claim_that_was_asked_for_by_name_is_in_it_and_again_after_a_refresh()
    {
        var account = await server.Given.AccountAsync(more: a =>
            (a.Email, a.EmailVerified) = ("o'brien@example.test", true)
        );
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        const string Claims =
            """{"id_token":{"email":null,"email_verified":{"essential":true},"unknown":null,"nickname":null}}""";

        var tokens = await app.SignInAsync(browser, more: new Dictionary<string, string?> { ["claims"] = Claims });
        var refreshed = (await app.RefreshAsync(tokens.RefreshToken!)).Ok().Json.GetProperty("id_token").GetString()!;

        foreach (var token in new[] { tokens.Claims, await app.VerifyIdTokenAsync(refreshed, null) })
        {
            Assert.Equal("o'brien@example.test", token.GetPayloadValue<string>("email"));
            Assert.True(token.GetPayloadValue<bool>("email_verified"));
            Assert.False(PayloadOf(token).TryGetProperty("unknown", out _));
            Assert.False(PayloadOf(token).TryGetProperty("nickname", out _)); // nothing is known, so nothing is said
        }
    }

    [Fact]
    [Trait("oidc", "A11")]
    [Trait("spec", "OIDC Core 5.5")]
    public async Task A_claim_the_client_may_not_have_is_not_given_by_name_either()
    {
        var account = await server.Given.AccountAsync(more: a => a.GmcNumber = "1234567");
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        const string Claims = """{"id_token":{"gmc_number":null},"userinfo":{"gmc_number":null}}""";

        var tokens = await app.SignInAsync(browser, more: new Dictionary<string, string?> { ["claims"] = Claims });

        Assert.False(PayloadOf(tokens.Claims).TryGetProperty("gmc_number", out _));
        Assert.False((await app.UserInfoAsync(tokens.AccessToken)).Ok().Json.TryGetProperty("gmc_number", out _));
    }

    [Fact]
    [Trait("oidc", "N7")]
    [Trait("spec", "OIDC Core 5.4")]
    public async Task A_client_registered_with_id_token_claims_gets_the_claims_of_its_scopes_in_it_and_from_userinfo()
    {
        using var browser = await server.Given.LoggedInAsync(await server.Given.AccountAsync());
        var ordinary = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope);
        var registered = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope with { IdTokenClaims = true });

        var without = await ordinary.SignInAsync(browser, "openid profile");
        var with = await registered.SignInAsync(browser, "openid profile");
        var userInfo = (await registered.UserInfoAsync(with.AccessToken)).Ok().Json;

        Assert.False(PayloadOf(without.Claims).TryGetProperty("preferred_username", out _));
        Assert.Equal(
            userInfo.GetProperty("preferred_username").GetString(),
            with.Claims.GetPayloadValue<string>("preferred_username")
        );
    }

    private static JsonElement PayloadOf(JsonWebToken token) =>
        JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(token.EncodedPayload));
}
