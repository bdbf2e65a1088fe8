using System.Net;
using AuthServer.Accounts;
using AuthServer.Clients;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Sessions are rows: who is logged in where, and until when.</summary>
public abstract class SessionsContract : StorageContract
{
    [Fact]
    public async Task A_log_in_is_one_living_row_with_the_browser_and_its_network()
    {
        var account = await Server.Given.AccountAsync();

        using var browser = await Server.Given.LoggedInAsync(account);

        var session = Assert.Single(await RowsAsync(account.Id));
        Assert.Equal(Server.Now, session.AuthenticatedAt);
        Assert.Equal(Server.Now.AddHours(12), session.ExpiresAt);
        Assert.Equal("pwd", session.Methods);
        Assert.Equal("127.0.0.0/24", session.Network);
        Assert.Null(session.EndedAt);
    }

    [Fact]
    public async Task The_same_person_logging_in_again_keeps_the_sid_and_gets_a_new_id()
    {
        var account = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(account);

        await Server.Given.LoggedInAsync(account, browser);

        var rows = await RowsAsync(account.Id);
        Assert.Equal(2, rows.Count);
        Assert.Single(rows.Select(row => row.Sid).Distinct());
        Assert.Single(rows, row => row.EndedAt is null);
    }

    [Fact]
    public async Task Another_persons_log_in_in_the_same_browser_ends_the_first_session()
    {
        var first = await Server.Given.AccountAsync();
        var second = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(first);

        await Server.Given.LoggedInAsync(second, browser);

        var ended = Assert.Single(await RowsAsync(first.Id));
        var alive = Assert.Single(await RowsAsync(second.Id));
        Assert.NotNull(ended.EndedAt);
        Assert.Null(alive.EndedAt);
        Assert.NotEqual(ended.Sid, alive.Sid);
    }

    [Fact]
    public async Task A_session_lives_for_an_hour_from_when_it_was_last_used()
    {
        var app = await Server.Given.RelyingPartyAsync();
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());

        Server.Clock.Advance(TimeSpan.FromMinutes(59));
        var used = await IsLoggedInAsync(app, browser);
        Server.Clock.Advance(TimeSpan.FromMinutes(59));
        var usedAgain = await IsLoggedInAsync(app, browser);
        Server.Clock.Advance(TimeSpan.FromMinutes(60));
        var afterAnIdleHour = await IsLoggedInAsync(app, browser);

        Assert.Equal([true, true, false], [used, usedAgain, afterAnIdleHour]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_app_that_refreshes_its_tokens_keeps_the_session_in_use(bool rotating)
    {
        var (app, browser, token) = await SignedInAsync(rotating);
        using (browser)
        {
            for (var halfHours = 1; halfHours <= 4; halfHours++)
            {
                Server.Clock.Advance(TimeSpan.FromMinutes(30));
                token = await RefreshedAsync(app, token);
            }

            Assert.True(await IsLoggedInAsync(app, browser));
        }
    }

    [Fact]
    public async Task Refreshes_are_written_to_the_session_at_most_once_in_five_minutes()
    {
        var (app, browser, token) = await SignedInAsync();
        browser.Dispose();
        var seen = new List<DateTimeOffset>();

        for (var minute = 1; minute <= 12; minute++)
        {
            Server.Clock.Advance(TimeSpan.FromMinutes(1));
            token = await RefreshedAsync(app, token);
            seen.Add((await Server.InDatabaseAsync(db => db.Sessions.AsNoTracking().SingleAsync())).LastSeenAt);
        }

        var start = Server.Now.AddMinutes(-12);
        Assert.Equal([0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10], seen.Select(at => (int)(at - start).TotalMinutes));
    }

    [Fact]
    public async Task A_refresh_does_not_bring_back_a_session_that_was_idle_for_too_long()
    {
        var (app, browser, token) = await SignedInAsync();
        using (browser)
        {
            Server.Clock.Advance(TimeSpan.FromMinutes(60));
            await RefreshedAsync(app, token);

            Assert.False(await IsLoggedInAsync(app, browser));
        }
    }

    [Fact]
    [Trait("spec", "OIDC Core 11")]
    public async Task Offline_access_is_used_without_the_person_and_keeps_no_session_in_use()
    {
        var account = await Server.Given.AccountAsync();
        var app = await Server.Given.RelyingPartyAsync();
        using var browser = await Server.Given.LoggedInAsync(account);
        var token = (await Server.SignInOfflineAsync(app, browser, account)).RefreshToken!;

        for (var halfHours = 1; halfHours <= 2; halfHours++)
        {
            Server.Clock.Advance(TimeSpan.FromMinutes(30));
            token = await RefreshedAsync(app, token);
        }

        Assert.False(await IsLoggedInAsync(app, browser));
    }

    [Fact]
    public async Task A_session_ends_twelve_hours_after_the_log_in_however_much_it_is_used()
    {
        var app = await Server.Given.RelyingPartyAsync();
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());

        for (var halfHours = 1; halfHours < 24; halfHours++)
        {
            Server.Clock.Advance(TimeSpan.FromMinutes(30));
            Assert.True(await IsLoggedInAsync(app, browser), $"The session ended after {halfHours} half hours.");
        }

        Server.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.False(await IsLoggedInAsync(app, browser));
    }

    [Fact]
    public async Task A_cookie_from_before_the_last_log_in_is_worth_nothing()
    {
        var app = await Server.Given.RelyingPartyAsync();
        var account = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(account);
        using var thief = Server.NewBrowser();
        foreach (var cookie in browser.Cookies)
        {
            thief.Keep(new Cookie(cookie.Name, cookie.Value, "/"));
        }

        var before = await IsLoggedInAsync(app, thief);
        await Server.Given.LoggedInAsync(account, browser);

        Assert.True(before);
        Assert.False(await IsLoggedInAsync(app, thief));
        Assert.True(await IsLoggedInAsync(app, browser));
    }

    [Fact]
    public async Task A_cookie_that_was_not_sealed_here_is_nobodys()
    {
        var app = await Server.Given.RelyingPartyAsync();
        using var browser = Server.NewBrowser();
        browser.Keep(new Cookie("session", "Q2ZESjhOb3RTZWFsZWRIZXJl", "/"));

        Assert.False(await IsLoggedInAsync(app, browser));
    }

    [Fact]
    public async Task A_disabled_account_is_logged_out_everywhere_at_once()
    {
        var app = await Server.Given.RelyingPartyAsync();
        var account = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(account);

        await Server.InDatabaseAsync(db =>
            db.Accounts.Where(a => a.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.Disabled, true))
        );

        Assert.False(await IsLoggedInAsync(app, browser));
    }

    private async Task<(RelyingParty App, TestBrowser Browser, string RefreshToken)> SignedInAsync(bool rotating = true)
    {
        var app = await Server.Given.RelyingPartyAsync(
            new ClientMetadata
            {
                RedirectUris = [Given.RedirectUri],
                GrantTypes = ["authorization_code", "refresh_token"],
                RotateRefreshTokens = rotating,
            }
        );
        var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());
        return (app, browser, (await app.SignInAsync(browser)).RefreshToken!);
    }

    /// <returns>The token to refresh with the next time.</returns>
    private static async Task<string> RefreshedAsync(RelyingParty app, string token) =>
        (await app.RefreshAsync(token)).Ok().Json.TryGetProperty("refresh_token", out var next)
            ? next.GetString()!
            : token;

    /// <summary>Asks as an app does, with <c>prompt=none</c>.</summary>
    private static async Task<bool> IsLoggedInAsync(RelyingParty app, TestBrowser browser)
    {
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["prompt"] = "none" });
        var answer = app.Callback(await browser.OpenAsync(attempt.Url), attempt);
        Assert.True(answer.ContainsKey("code") || answer["error"] == "login_required", string.Join(' ', answer));
        return answer.ContainsKey("code");
    }

    private Task<List<Session>> RowsAsync(Guid accountId) =>
        Server.InDatabaseAsync(db =>
            db.Sessions.AsNoTracking().Where(session => session.AccountId == accountId).ToListAsync()
        );
}
