using System.Net;
using AuthServer.Audit;
using AuthServer.Clients;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Token;

/// <summary>
/// Refresh tokens: replaced at each use, with a grace for a lost answer (RFC 6749 §6, RFC 9700 §4.14.2, OIDC Core §12).
/// </summary>
[Trait("oidc", "T9")]
public sealed class RefreshTokenGrantTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private readonly AuthServerFixture server = clocked.Server;

    [Theory]
    [InlineData(null)]
    [InlineData("openid offline_access")]
    [Trait("spec", "OIDC Core 12")]
    public async Task An_offline_token_is_refreshed_with_and_without_scope_and_the_id_token_stays_the_same_persons(
        string? scope
    )
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        var first = await server.SignInOfflineAsync(app, browser, account);
        server.Clock.Advance(TimeSpan.FromSeconds(5));

        var answer = (await app.RefreshAsync(first.RefreshToken!, scope)).Ok();
        var idToken = await app.VerifyIdTokenAsync(answer.Json.GetProperty("id_token").GetString()!, null);

        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.NotEqual(first.AccessToken, answer.AccessToken());
        Assert.NotEqual(first.RefreshToken, answer.RefreshToken());
        Assert.Equal("Bearer", answer.Json.GetProperty("token_type").GetString());
        foreach (var claim in new[] { "iss", "sub", "aud", "sid" })
        {
            Assert.Equal(first.Claims.GetPayloadValue<string>(claim), idToken.GetPayloadValue<string>(claim));
        }

        Assert.Equal(first.Claims.GetPayloadValue<long>("auth_time"), idToken.GetPayloadValue<long>("auth_time"));
        Assert.Equal(first.Claims.GetPayloadValue<long>("iat") + 5, idToken.GetPayloadValue<long>("iat"));
        Assert.False(idToken.TryGetPayloadValue<string>("nonce", out _));
        (await app.UserInfoAsync(answer.AccessToken())).Ok();
    }

    [Fact]
    [Trait("spec", "RFC 6749 6")]
    public async Task A_narrower_scope_narrows_the_token_and_not_the_grant()
    {
        var (app, tokens) = await SignedInAsync("openid profile email");

        var narrow = (await app.RefreshAsync(tokens.RefreshToken!, "openid email")).Ok();
        var withoutOpenId = (await app.RefreshAsync(narrow.RefreshToken(), "email")).Ok();
        var wide = (await app.RefreshAsync(withoutOpenId.RefreshToken())).Ok();

        Assert.Equal("openid email", narrow.Json.GetProperty("scope").GetString());
        Assert.False(
            (await app.UserInfoAsync(narrow.AccessToken())).Ok().Json.TryGetProperty("preferred_username", out _)
        );
        Assert.False(withoutOpenId.Json.TryGetProperty("id_token", out _));
        Assert.Equal("openid profile email", wide.Json.GetProperty("scope").GetString());
    }

    [Fact]
    [Trait("spec", "RFC 6749 6")]
    public async Task A_wider_scope_is_refused_and_spends_nothing()
    {
        var (app, tokens) = await SignedInAsync("openid");

        (await app.RefreshAsync(tokens.RefreshToken!, "openid email")).IsError("invalid_scope");

        (await app.RefreshAsync(tokens.RefreshToken!)).Ok();
    }

    [Fact]
    [Trait("spec", "RFC 6749 6")]
    public async Task A_scope_that_was_taken_from_the_client_is_no_longer_granted_nor_answered()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope);
        var tokens = await app.SignInAsync(browser, "openid profile professional");

        await RestrictAsync(app, "openid", "professional");

        var old = (await app.UserInfoAsync(tokens.AccessToken)).Ok();
        var answer = (await app.RefreshAsync(tokens.RefreshToken!)).Ok();
        Assert.False(old.Json.TryGetProperty("preferred_username", out _));
        Assert.Equal("openid professional", answer.Json.GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("openid profile", "professional")]
    [InlineData("profile", "openid professional")]
    [Trait("spec", "RFC 6749 6")]
    public async Task A_client_that_has_lost_every_granted_scope_is_refused_and_keeps_its_refresh_token(
        string granted,
        string left
    )
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope);
        var attempt = app.Authorize(granted);
        var code = app.CodeOf(await browser.OpenAsync(attempt.Url), attempt);
        var token = (await app.RedeemAsync(code, attempt.Verifier)).Ok().RefreshToken();
        await RestrictAsync(app, left.Split(' '));

        (await app.RefreshAsync(token)).IsError("invalid_scope");
        server.Clock.Advance(TimeSpan.FromMinutes(1)); // longer than the grace of a token that was replaced
        (await app.RefreshAsync(token)).IsError("invalid_scope");

        await RestrictAsync(app, [.. left.Split(' '), "profile"]);
        Assert.Equal("profile", (await app.RefreshAsync(token)).Ok().Json.GetProperty("scope").GetString());
    }

    [Fact]
    [Trait("spec", "RFC 6749 6")]
    public async Task Another_clients_refresh_token_is_refused_and_stays_its_owners()
    {
        var (app, tokens) = await SignedInAsync();
        var thief = await server.Given.RelyingPartyAsync();

        (await thief.RefreshAsync(tokens.RefreshToken!)).IsError("invalid_grant");

        (await app.RefreshAsync(tokens.RefreshToken!)).Ok();
    }

    [Fact]
    [Trait("spec", "RFC 6749 6")]
    public async Task Nobody_refreshes_without_authenticating()
    {
        var (app, tokens) = await SignedInAsync();
        var unproved = new RelyingParty(
            server,
            app.Client with
            {
                Metadata = app.Client.Metadata with { TokenEndpointAuthMethod = "none" },
            }
        );

        (await unproved.RefreshAsync(tokens.RefreshToken!)).IsError("invalid_client", HttpStatusCode.Unauthorized);

        (await app.RefreshAsync(tokens.RefreshToken!)).Ok();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("é€😀")]
    [Trait("spec", "RFC 6749 5.2")]
    public async Task A_refresh_token_that_is_not_ours_is_invalid_grant(string token)
    {
        var app = await server.Given.RelyingPartyAsync();

        (await app.RefreshAsync(token)).IsError("invalid_grant");
    }

    [Fact]
    [Trait("spec", "RFC 9700 4.14.2")]
    public async Task The_token_before_works_for_29_seconds_because_an_answer_can_be_lost()
    {
        var (app, tokens) = await SignedInAsync();
        (await app.RefreshAsync(tokens.RefreshToken!)).Ok(); // and the answer gets lost

        server.Clock.Advance(TimeSpan.FromSeconds(29));
        var again = (await app.RefreshAsync(tokens.RefreshToken!)).Ok();

        (await app.UserInfoAsync(again.AccessToken())).Ok();
        (await app.RefreshAsync(again.RefreshToken())).Ok();
    }

    [Fact]
    [Trait("spec", "RFC 9700 4.14.2")]
    public async Task The_token_before_revokes_everything_after_31_seconds()
    {
        var (app, tokens) = await SignedInAsync();
        var next = (await app.RefreshAsync(tokens.RefreshToken!)).Ok();

        server.Clock.Advance(TimeSpan.FromSeconds(31));

        (await app.RefreshAsync(tokens.RefreshToken!)).IsError("invalid_grant");
        (await app.RefreshAsync(next.RefreshToken())).IsError("invalid_grant");
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(next.AccessToken())).Status);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [Trait("spec", "RFC 9700 4.14.2")]
    public async Task A_token_that_was_replaced_long_ago_revokes_everything(int generations)
    {
        var (app, tokens) = await SignedInAsync();
        var last = (await app.RefreshAsync(tokens.RefreshToken!)).Ok();
        for (var i = 1; i < generations; i++)
        {
            last = (await app.RefreshAsync(last.RefreshToken())).Ok();
        }

        (await app.RefreshAsync(tokens.RefreshToken!)).IsError("invalid_grant");

        (await app.RefreshAsync(last.RefreshToken())).IsError("invalid_grant");
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(last.AccessToken())).Status);
        Assert.Equal(
            1,
            await server.InDatabaseAsync(db =>
                db.AuditEvents.CountAsync(e => e.Kind == AuditKinds.GrantReplayed && e.ClientId == app.Client.ClientId)
            )
        );
    }

    [Fact]
    [Trait("spec", "RFC 9700 4.14.2")]
    public async Task The_grace_is_counted_from_the_first_use_and_not_prolonged()
    {
        var (app, tokens) = await SignedInAsync();
        (await app.RefreshAsync(tokens.RefreshToken!)).Ok();
        server.Clock.Advance(TimeSpan.FromSeconds(20));
        (await app.RefreshAsync(tokens.RefreshToken!)).Ok();

        server.Clock.Advance(TimeSpan.FromSeconds(20));

        (await app.RefreshAsync(tokens.RefreshToken!)).IsError("invalid_grant");
    }

    [Fact]
    [Trait("spec", "RFC 9700 4.14.2")]
    public async Task A_replacement_that_was_lost_is_given_again()
    {
        var (app, tokens) = await SignedInAsync();
        var lost = (await app.RefreshAsync(tokens.RefreshToken!)).RefreshToken();
        var again = (await app.RefreshAsync(tokens.RefreshToken!)).RefreshToken();

        Assert.Equal(lost, again);
        (await app.RefreshAsync(again)).Ok();
    }

    [Fact]
    [Trait("spec", "FAPI 2.0 Security Profile 5.3.2.1")]
    public async Task A_client_registered_without_rotation_keeps_its_token()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope with { RotateRefreshTokens = false });
        var tokens = await app.SignInAsync(browser);

        for (var i = 0; i < 3; i++)
        {
            server.Clock.Advance(TimeSpan.FromMinutes(2));
            var answer = (await app.RefreshAsync(tokens.RefreshToken!)).Ok();
            Assert.False(answer.Json.TryGetProperty("refresh_token", out _));
        }

        (
            await (
                await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope with { RotateRefreshTokens = false })
            ).RefreshAsync(tokens.RefreshToken!)
        ).IsError("invalid_grant");
    }

    [Fact]
    [Trait("spec", "OIDC Core 11")]
    public async Task An_offline_grant_ends_thirty_days_after_it_began()
    {
        await using var other = await AuthServerFixture.StartAsync(new FixedClock());
        var account = await other.Given.AccountAsync();
        using var browser = await other.Given.LoggedInAsync(account);
        var app = await other.Given.RelyingPartyAsync();
        var token = (await other.SignInOfflineAsync(app, browser, account)).RefreshToken!;

        other.Clock.Advance(TimeSpan.FromDays(29.99));
        var last = (await app.RefreshAsync(token)).Ok();
        other.Clock.Advance(TimeSpan.FromDays(0.02));

        Assert.InRange(last.Json.GetProperty("expires_in").GetInt32(), 1, 600);
        (await app.RefreshAsync(last.RefreshToken())).IsError("invalid_grant");
    }

    [Fact]
    [Trait("spec", "OIDC Core 11")]
    public async Task A_client_may_have_a_lifetime_of_its_own_for_offline_access()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope with { RefreshTokenLifetime = 3600 });
        var token = (await server.SignInOfflineAsync(app, browser, account)).RefreshToken!;

        server.Clock.Advance(TimeSpan.FromMinutes(59));
        token = (await app.RefreshAsync(token)).RefreshToken();
        server.Clock.Advance(TimeSpan.FromMinutes(1));

        (await app.RefreshAsync(token)).IsError("invalid_grant");
    }

    [Fact]
    [Trait("spec", "RFC 6749 6")]
    public async Task A_grant_without_offline_access_ends_with_its_session()
    {
        await using var other = await AuthServerFixture.StartAsync(
            new FixedClock(),
            settings: new Dictionary<string, string?>
            {
                ["Sessions:AbsoluteLifetime"] = "00:10:00",
                ["Sessions:IdleTimeout"] = "00:10:00",
            }
        );
        using var browser = await other.NewPersonAsync();
        var app = await other.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);

        other.Clock.Advance(TimeSpan.FromSeconds(590));
        var (code, attempt) = await app.CodeAsync(browser);
        var last = (await app.RefreshAsync(tokens.RefreshToken!)).Ok();
        other.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(10, last.Json.GetProperty("expires_in").GetInt32());
        (await app.RefreshAsync(last.RefreshToken())).IsError("invalid_grant");
        (await app.RedeemAsync(code, attempt.Verifier)).IsError("invalid_grant");
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(last.AccessToken())).Status);
    }

    private async Task<(RelyingParty App, Tokens Tokens)> SignedInAsync(string scope = "openid")
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        return (app, await app.SignInAsync(browser, scope));
    }

    private Task RestrictAsync(RelyingParty app, params string[] scopes) =>
        server.InScopeAsync(services =>
            services
                .GetRequiredService<EditClient>()
                .HandleAsync(
                    new EditClientCommand(
                        app.Client.ClientId,
                        new DescribedClient(ProtocolSteps.EveryScope with { AllowedScopes = scopes }),
                        "test"
                    ),
                    CancellationToken.None
                )
        );
}
