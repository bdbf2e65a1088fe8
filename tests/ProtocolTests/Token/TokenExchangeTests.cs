using System.Net;
using System.Text.Json;
using AuthServer.Clients;
using Microsoft.IdentityModel.JsonWebTokens;
using TestSupport;

namespace ProtocolTests.Token;

/// <summary>Token exchange between registered back ends (RFC 8693).</summary>
public sealed class TokenExchangeTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";

    private static readonly ClientMetadata BackEnd = new()
    {
        ClientName = "Logbook",
        GrantTypes = [Exchange],
        ResponseTypes = [],
        Scope = "openid profile logbook:read logbook:write",
        AccessTokenAudience = ["https://reports.example.test", "https://logbook.example.test"],
    };

    private static readonly ClientMetadata FrontEnd = ProtocolSteps.EveryScope with
    {
        Scope = "openid profile email offline_access logbook:read",
    };

    private readonly AuthServerFixture server = clocked.Server;

    [Fact]
    [Trait("spec", "RFC 8693 2.2.1")]
    [Trait("spec", "RFC 8693 4.1")]
    public async Task A_back_end_gets_a_token_of_its_own_for_the_same_user()
    {
        var (app, tokens, browser) = await SignedInAsync("openid email logbook:read offline_access");
        using var _ = browser;
        var backEnd = await server.Given.RelyingPartyAsync(BackEnd);
        var subject = new JsonWebToken(tokens.AccessToken);

        var answer = (await ExchangeAsync(backEnd, tokens.AccessToken)).Ok();
        var token = new JsonWebToken(answer.AccessToken());

        Assert.Equal(
            ["access_token", "expires_in", "issued_token_type", "scope", "token_type"],
            answer.Json.EnumerateObject().Select(member => member.Name).Order()
        );
        Assert.Equal(AccessTokenType, answer.Json.GetProperty("issued_token_type").GetString());
        Assert.Equal("Bearer", answer.Json.GetProperty("token_type").GetString());
        Assert.Equal("openid logbook:read", answer.Json.GetProperty("scope").GetString());
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.Equal(subject.Subject, token.Subject);
        Assert.Equal(subject.GetPayloadValue<string>("gid"), token.GetPayloadValue<string>("gid"));
        Assert.Equal(backEnd.Client.ClientId, token.GetPayloadValue<string>("client_id"));
        Assert.Equal(BackEnd.AccessTokenAudience, token.Audiences);
        Assert.Equal($$"""{"sub":"{{backEnd.Client.ClientId}}"}""", Actor(token));
        Assert.NotEqual(app.Client.ClientId, backEnd.Client.ClientId);
    }

    [Fact]
    [Trait("spec", "RFC 8693 4.1")]
    public async Task A_chain_of_back_ends_is_named_latest_first_and_is_not_endless()
    {
        var (_, tokens, browser) = await SignedInAsync("openid logbook:read");
        using var _ = browser;
        var first = await server.Given.RelyingPartyAsync(BackEnd);
        var second = await server.Given.RelyingPartyAsync(BackEnd);

        var once = (await ExchangeAsync(first, tokens.AccessToken)).AccessToken();
        var twice = (await ExchangeAsync(second, once)).AccessToken();

        Assert.Equal(
            $$$"""{"sub":"{{{second.Client.ClientId}}}","act":{"sub":"{{{first.Client.ClientId}}}"}}""",
            Actor(new JsonWebToken(twice))
        );
        var last = twice;
        for (var i = 2; i < 8; i++)
        {
            last = (await ExchangeAsync(first, last)).AccessToken();
        }

        (await ExchangeAsync(first, last)).IsError("invalid_request");
    }

    [Fact]
    [Trait("spec", "RFC 8693 2.1")]
    public async Task Scopes_are_those_asked_for_that_both_the_token_and_the_client_have()
    {
        var (_, tokens, browser) = await SignedInAsync("openid email logbook:read");
        using var _ = browser;
        var backEnd = await server.Given.RelyingPartyAsync(BackEnd);

        var narrowed = (
            await ExchangeAsync(backEnd, tokens.AccessToken, ("scope", "logbook:read logbook:write email"))
        ).Ok();

        Assert.Equal("logbook:read", narrowed.Json.GetProperty("scope").GetString());
        (await ExchangeAsync(backEnd, tokens.AccessToken, ("scope", "logbook:write"))).IsError("invalid_scope");
        (await ExchangeAsync(backEnd, tokens.AccessToken, ("scope", "email"))).IsError("invalid_scope");
    }

    [Theory]
    [InlineData("audience")]
    [InlineData("resource")]
    [Trait("spec", "RFC 8693 2.1")]
    [Trait("spec", "RFC 8693 2.2.2")]
    public async Task A_target_narrows_the_audience_and_one_that_is_not_registered_is_refused(string parameter)
    {
        var (_, tokens, browser) = await SignedInAsync("openid logbook:read");
        using var _ = browser;
        var backEnd = await server.Given.RelyingPartyAsync(BackEnd);

        var answer = await ExchangeAsync(backEnd, tokens.AccessToken, (parameter, "https://reports.example.test"));

        Assert.Equal(["https://reports.example.test"], new JsonWebToken(answer.AccessToken()).Audiences);
        (await ExchangeAsync(backEnd, tokens.AccessToken, (parameter, "https://elsewhere.example.test"))).IsError(
            "invalid_target"
        );
    }

    [Fact]
    [Trait("spec", "RFC 8693 2.2.1")]
    public async Task The_new_token_does_not_outlive_the_subject_token()
    {
        var (_, tokens, browser) = await SignedInAsync("openid logbook:read");
        using var _ = browser;
        var backEnd = await server.Given.RelyingPartyAsync(BackEnd with { AccessTokenLifetime = 86_400 });
        server.Clock.Advance(TimeSpan.FromMinutes(7));

        var answer = (await ExchangeAsync(backEnd, tokens.AccessToken)).Ok();

        Assert.Equal(180, answer.Json.GetProperty("expires_in").GetInt32());
        Assert.Equal(new JsonWebToken(tokens.AccessToken).ValidTo, new JsonWebToken(answer.AccessToken()).ValidTo);
    }

    [Fact]
    [Trait("spec", "RFC 8693 2.2.2")]
    public async Task A_subject_token_that_is_expired_of_an_ended_sign_in_or_a_clients_own_is_an_invalid_request()
    {
        var (app, tokens, browser) = await SignedInAsync("openid logbook:read");
        using var _ = browser;
        var backEnd = await server.Given.RelyingPartyAsync(
            BackEnd with
            {
                GrantTypes = [Exchange, "client_credentials"],
            }
        );
        var own = await backEnd.TokenAsync(new Dictionary<string, string> { ["grant_type"] = "client_credentials" });
        var exchanged = (await ExchangeAsync(backEnd, tokens.AccessToken)).AccessToken();
        (await backEnd.UserInfoAsync(exchanged)).Ok();

        (await ExchangeAsync(backEnd, own.AccessToken())).IsError("invalid_request");
        (await ExchangeAsync(backEnd, "nonsense")).IsError("invalid_request");
        (await ExchangeAsync(backEnd, tokens.RefreshToken!)).IsError("invalid_request");
        (await ExchangeAsync(backEnd, tokens.IdToken)).IsError("invalid_request");
        (
            await app.PostAsync("/connect/revoke", new Dictionary<string, string> { ["token"] = tokens.RefreshToken! })
        ).Ok();
        (await ExchangeAsync(backEnd, tokens.AccessToken)).IsError("invalid_request");
        Assert.Equal(HttpStatusCode.Unauthorized, (await backEnd.UserInfoAsync(exchanged)).Status);

        var (_, later, again) = await SignedInAsync("openid logbook:read");
        using var __ = again;
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        (await ExchangeAsync(backEnd, later.AccessToken)).IsError("invalid_request");
    }

    [Fact]
    [Trait("spec", "RFC 8693 2.1")]
    public async Task Only_access_tokens_are_taken_and_given_and_no_actor_token()
    {
        var (_, tokens, browser) = await SignedInAsync("openid logbook:read");
        using var _ = browser;
        var backEnd = await server.Given.RelyingPartyAsync(BackEnd);

        (await ExchangeAsync(backEnd, tokens.AccessToken, ("requested_token_type", AccessTokenType))).Ok();
        (
            await ExchangeAsync(
                backEnd,
                tokens.AccessToken,
                ("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")
            )
        ).IsError("invalid_request");
        (
            await ExchangeAsync(
                backEnd,
                tokens.AccessToken,
                ("requested_token_type", "urn:ietf:params:oauth:token-type:id_token")
            )
        ).IsError("invalid_request");
        (
            await ExchangeAsync(
                backEnd,
                tokens.IdToken,
                ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token")
            )
        ).IsError("invalid_request");
        (
            await ExchangeAsync(
                backEnd,
                tokens.AccessToken,
                ("actor_token", tokens.AccessToken),
                ("actor_token_type", AccessTokenType)
            )
        ).IsError("invalid_request");
        (await ExchangeAsync(backEnd, tokens.AccessToken, ("subject_token_type", ""))).IsError("invalid_request");
        (await ExchangeAsync(backEnd, "")).IsError("invalid_request");
    }

    [Fact]
    [Trait("spec", "RFC 8693 2.1")]
    public async Task It_is_for_confidential_clients_that_are_registered_for_it()
    {
        var (app, tokens, browser) = await SignedInAsync("openid logbook:read");
        using var _ = browser;
        var publicClient = await server.Given.RelyingPartyAsync(BackEnd with { TokenEndpointAuthMethod = "none" });
        using var stranger = server.NewBrowser();

        (await ExchangeAsync(app, tokens.AccessToken)).IsError("unauthorized_client");
        (await ExchangeAsync(app, "nonsense")).IsError("unauthorized_client");
        (await ExchangeAsync(publicClient, tokens.AccessToken)).IsError("unauthorized_client");
        (await stranger.PostAsync("/connect/token", Fields(tokens.AccessToken))).IsError(
            "invalid_client",
            HttpStatusCode.Unauthorized
        );
    }

    [Fact]
    [Trait("spec", "RFC 7009 2.1")]
    [Trait("spec", "RFC 7662 2.2")]
    public async Task The_exchanged_token_can_be_introspected_and_revoking_it_does_not_end_the_sign_in()
    {
        var (app, tokens, browser) = await SignedInAsync("openid logbook:read");
        using var _ = browser;
        var backEnd = await server.Given.RelyingPartyAsync(BackEnd);
        var exchanged = (await ExchangeAsync(backEnd, tokens.AccessToken)).AccessToken();

        var seen = (
            await backEnd.PostAsync("/connect/introspect", new Dictionary<string, string> { ["token"] = exchanged })
        )
            .Ok()
            .Json;
        var revoked = await backEnd.PostAsync(
            "/connect/revoke",
            new Dictionary<string, string> { ["token"] = exchanged }
        );

        Assert.True(seen.GetProperty("active").GetBoolean());
        Assert.Equal(backEnd.Client.ClientId, seen.GetProperty("act").GetProperty("sub").GetString());
        revoked.IsError("unsupported_token_type");
        (await app.UserInfoAsync(tokens.AccessToken)).Ok();
    }

    [Fact]
    [Trait("spec", "RFC 8414 2")]
    public async Task Discovery_names_the_grant_type()
    {
        using var browser = server.NewBrowser();

        var document = (await browser.GetAsync("/.well-known/openid-configuration")).Ok().Json;

        Assert.Contains(
            Exchange,
            document.GetProperty("grant_types_supported").EnumerateArray().Select(type => type.GetString())
        );
    }

    private async Task<(RelyingParty App, Tokens Tokens, TestBrowser Browser)> SignedInAsync(string scope)
    {
        var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(FrontEnd);
        return (app, await app.SignInAsync(browser, scope), browser);
    }

    private static Task<Page> ExchangeAsync(
        RelyingParty client,
        string subjectToken,
        params (string Name, string Value)[] more
    )
    {
        var fields = Fields(subjectToken);
        foreach (var (name, value) in more)
        {
            fields[name] = value;
        }

        return client.TokenAsync(fields);
    }

    private static Dictionary<string, string> Fields(string subjectToken) =>
        new()
        {
            ["grant_type"] = Exchange,
            ["subject_token"] = subjectToken,
            ["subject_token_type"] = AccessTokenType,
        };

    private static string Actor(JsonWebToken token) => token.GetPayloadValue<JsonElement>("act").GetRawText();
}
