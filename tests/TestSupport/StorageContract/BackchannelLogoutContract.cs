using AuthServer.Accounts;
using AuthServer.Protocol.BackchannelLogout;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Apps hear that a session is over, wherever and however it ended (OIDC Back-Channel Logout 1.0).</summary>
public abstract class BackchannelLogoutContract : StorageContract
{
    [Fact]
    [Trait("oidc", "L8")]
    [Trait("spec", "Back-Channel Logout 2.4, 2.5")]
    public async Task A_log_out_is_told_to_each_app_of_the_session_with_a_token_by_the_book()
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        var account = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(account);
        var (app, other) = (
            await Server.Given.RelyingPartyAsync(receiver.Metadata),
            await Server.Given.RelyingPartyAsync(receiver.Metadata)
        );
        var never = await Server.Given.RelyingPartyAsync(receiver.Metadata); // registered, and not used by this person
        var tokens = await app.SignInAsync(browser);
        await app.SignInAsync(browser); // twice, and told once
        await other.SignInAsync(browser);

        await LogOutAsync(browser, tokens);
        await SendAsync();

        Assert.Equal(2, receiver.Told.Count);
        Assert.All(
            receiver.Told,
            told =>
            {
                Assert.Equal("application/x-www-form-urlencoded", told.ContentType);
                Assert.Equal(["logout_token"], told.Parameters);
            }
        );
        var token = Assert.Single(
            receiver.Told.Select(told => new JsonWebToken(told.LogoutToken)),
            token => token.Audiences.Single() == app.Client.ClientId
        );
        await VerifyAsync(token, app.Client.ClientId);
        Assert.Equal("logout+jwt", token.Typ);
        Assert.Equal(account.Id.ToString(), token.Subject);
        Assert.Equal(tokens.Claims.GetPayloadValue<string>("sid"), token.GetPayloadValue<string>("sid"));
        Assert.Equal(
            """{"http://schemas.openid.net/event/backchannel-logout":{}}""",
            token.GetPayloadValue<System.Text.Json.JsonElement>("events").GetRawText()
        );
        Assert.Equal(120, (token.ValidTo - token.IssuedAt).TotalSeconds);
        Assert.False(token.TryGetPayloadValue<string>("nonce", out _));
        Assert.Equal(2, receiver.Told.Select(told => new JsonWebToken(told.LogoutToken).Id).Distinct().Count());
        Assert.DoesNotContain(
            receiver.Told,
            told => new JsonWebToken(told.LogoutToken).Audiences.Contains(never.Client.ClientId)
        );
        Assert.Equal(0, await WaitingAsync());
    }

    [Fact]
    [Trait("oidc", "L8")]
    public async Task A_new_password_a_lock_and_the_end_of_all_sessions_are_told_too_and_to_apps_with_offline_grants_of_sessions_long_over()
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        var account = await Server.Given.AccountAsync();
        var app = await Server.Given.RelyingPartyAsync(receiver.Metadata);
        using (var earlier = await Server.Given.LoggedInAsync(account))
        {
            await Server.SignInOfflineAsync(app, earlier, account);
            await LogOutAsync(earlier, await app.SignInAsync(earlier));
            await SendAsync();
        }

        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        using var browser = await Server.Given.LoggedInAsync(account);
        await app.SignInAsync(browser);
        await Server.InScopeAsync(services =>
            services.GetRequiredService<DisableAccount>().EndSessionsAsync(account.Id, null, CancellationToken.None)
        );
        await SendAsync();

        // The earlier session when it ended and, for what outlived it, again; this one once.
        Assert.Equal(3, receiver.Told.Count);
        Assert.Equal(
            2,
            receiver
                .Told.Select(told => new JsonWebToken(told.LogoutToken).GetPayloadValue<string>("sid"))
                .Distinct()
                .Count()
        );

        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await app.SignInAsync(await Server.Given.LoggedInAsync(account));
        await Server.InScopeAsync(services =>
            services.GetRequiredService<DisableAccount>().DisableAsync(account.Id, null, CancellationToken.None)
        );
        await SendAsync();
        Assert.Equal(4, receiver.Told.Count);
    }

    [Fact]
    public async Task Somebody_else_who_logs_in_at_the_same_browser_ends_the_first_ones_session_for_the_apps_too()
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        var first = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(first);
        var app = await Server.Given.RelyingPartyAsync(receiver.Metadata);
        await app.SignInAsync(browser);
        Server.Clock.Advance(TimeSpan.FromSeconds(1));

        await Server.Given.LoggedInAsync(first, browser); // the same person again: the session goes on
        await SendAsync();
        Assert.Empty(receiver.Told);
        await Server.Given.LoggedInAsync(await Server.Given.AccountAsync(), browser);
        await SendAsync();

        Assert.Equal(first.Id.ToString(), new JsonWebToken(Assert.Single(receiver.Told).LogoutToken).Subject);
    }

    [Fact]
    [Trait("oidc", "L8")]
    [Trait("spec", "Back-Channel Logout 2.8")]
    public async Task An_app_that_is_away_is_told_later_with_a_fresh_token_and_given_up_in_the_end()
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        receiver.Answer = 503;
        await SignInAndOutAsync(receiver);

        await SendAsync();
        await SendAsync(); // not yet again
        Assert.Single(receiver.Told);
        Server.Clock.Advance(TimeSpan.FromSeconds(11));
        receiver.Answer = 204; // some frameworks make this of 200
        await SendAsync();

        Assert.Equal(2, receiver.Told.Count);
        Assert.NotEqual(receiver.Told[0].LogoutToken, receiver.Told[1].LogoutToken);
        Assert.Equal(0, await WaitingAsync());

        receiver.Answer = 503;
        await SignInAndOutAsync(receiver);
        for (var i = 0; i < 30 && await WaitingAsync() > 0; i++)
        {
            await SendAsync();
            Server.Clock.Advance(TimeSpan.FromMinutes(31));
        }

        Assert.Equal(0, await WaitingAsync());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(302)]
    [Trait("oidc", "L8")]
    [Trait("spec", "Back-Channel Logout 2.8")]
    public async Task A_refusal_is_final_and_a_redirect_is_not_followed(int status)
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        receiver.Answer = status;
        await SignInAndOutAsync(receiver);

        await SendAsync();

        Assert.Single(receiver.Told);
        Assert.Equal(status == 400 ? 0 : 1, await WaitingAsync());
    }

    [Fact]
    public async Task Of_many_senders_one_tells_the_app_and_one_that_died_is_followed_by_another()
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        await SignInAndOutAsync(receiver);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync()));
        Assert.Single(receiver.Told);

        receiver.Answer = 503;
        await SignInAndOutAsync(receiver);
        await Eventually.BecomesTrueAsync(async () => await TriedAsync(), () => Server.Log.ToString());
        receiver.Answer = 200;
        Server.Clock.Advance(LogoutNotices.Lease);
        await SendAsync();
        Assert.Equal(0, await WaitingAsync());

        Task<bool> TriedAsync() => Server.InDatabaseAsync(db => db.LogoutNotices.AnyAsync(n => n.Attempts > 0));
    }

    [Fact]
    public async Task An_app_on_https_is_called_only_with_a_certificate_that_is_trusted()
    {
        using var folder = new TemporaryFolder();
        var (known, unknown) = (
            new SelfSignedCertificate(folder, TimeProvider.System.GetUtcNow()),
            new TemporaryFolder()
        );
        using var closing = unknown;
        await using var receiver = await LogoutReceiver.StartAsync(known);
        await using var stranger = await LogoutReceiver.StartAsync(
            new SelfSignedCertificate(unknown, TimeProvider.System.GetUtcNow())
        );
        await using var server = await AuthServerFixture.StartAsync(
            new FixedClock(),
            settings: new Dictionary<string, string?> { ["Outbound:TrustedCertificates"] = known.CertificatePath }
        );
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        foreach (var one in new[] { receiver, stranger })
        {
            await (await server.Given.RelyingPartyAsync(one.Metadata)).SignInAsync(browser);
        }

        await server.InScopeAsync(services =>
            services.GetRequiredService<DisableAccount>().EndSessionsAsync(account.Id, null, CancellationToken.None)
        );
        await server.Services.GetRequiredService<SendLogoutNotices>().RunAsync(CancellationToken.None);
        await Eventually.BecomesTrueAsync(() => receiver.Told.Count == 1, () => server.Log.ToString());

        Assert.Empty(stranger.Told);
    }

    private async Task SignInAndOutAsync(LogoutReceiver receiver)
    {
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());
        var app = await Server.Given.RelyingPartyAsync(receiver.Metadata);
        await LogOutAsync(browser, await app.SignInAsync(browser));
    }

    private static async Task LogOutAsync(TestBrowser browser, Tokens tokens) =>
        await browser.GetAsync($"/connect/endsession?id_token_hint={tokens.IdToken}");

    /// <summary>
    /// Has everything sent that is due; what the server's own job has taken up meanwhile is waited for.
    /// </summary>
    private async Task SendAsync()
    {
        await Server.Services.GetRequiredService<SendLogoutNotices>().RunAsync(CancellationToken.None);
        await Eventually.BecomesTrueAsync(
            async () =>
                !await Server.InDatabaseAsync(db =>
                    db.LogoutNotices.AnyAsync(n => n.NextAttemptAt == Server.Now + LogoutNotices.Lease)
                ),
            () => Server.Log.ToString()
        );
    }

    private Task<int> WaitingAsync() => Server.InDatabaseAsync(db => db.LogoutNotices.CountAsync());

    private async Task VerifyAsync(JsonWebToken token, string audience)
    {
        using var browser = Server.NewBrowser();
        var keys = (await browser.GetAsync("/.well-known/jwks.json")).Ok();
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidIssuer = Server.Issuer,
                ValidAudience = audience,
                IssuerSigningKeys = new JsonWebKeySet(keys.Body).GetSigningKeys(),
                ValidAlgorithms = ["RS256"],
                ValidTypes = ["logout+jwt"],
                LifetimeValidator = (_, expires, _, _) => expires > Server.Now.UtcDateTime,
            }
        );
        Assert.True(result.IsValid, result.Exception?.Message);
    }
}
