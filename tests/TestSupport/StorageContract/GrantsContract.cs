using System.Net;
using AuthServer.Protocol.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace TestSupport.StorageContract;

/// <summary>
/// The one hot table: a code is redeemed once, a refresh token replaced once, and what is dead stays dead (design.md
/// §2).
/// </summary>
public abstract class GrantsContract : StorageContract
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly Guid Portfolio = Guid.NewGuid();
    private static readonly Guid Another = Guid.NewGuid();

    private Grants Grants => Server.Services.GetRequiredService<Grants>();

    [Fact]
    public async Task A_grant_is_inserted_once_and_read_back_as_it_was()
    {
        var (grant, token) = await NewGrantAsync();

        var (first, second) = (await RedeemAsync(grant), await RedeemAsync(grant));
        var found = await Grants.FindAsync(token, CancellationToken.None);

        Assert.True(first);
        Assert.False(second);
        Assert.Equal(grant.Live with { SessionSeenAt = Server.Now }, found);
    }

    [Fact]
    public async Task Nothing_is_stored_for_a_code_and_one_row_for_a_sign_in_however_often_it_is_refreshed()
    {
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());
        var app = await Server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();

        var code = app.Callback(await browser.GetAsync(attempt.Url), attempt)["code"];
        var authorized = await RowsAsync();
        var tokens = await app.RedeemedAsync(code, attempt);
        var redeemed = await RowsAsync();
        (await app.RefreshAsync(tokens.RefreshToken!)).Ok();
        var refreshed = await RowsAsync();

        Assert.Equal((0, 0), authorized);
        Assert.Equal((1, 0), redeemed);
        Assert.Equal((1, 0), refreshed);
        Assert.InRange(code.Length, 43, 1000); // a code of OpenIddict's holds every claim and is longer

        Task<(int Authorizations, int Tokens)> RowsAsync() =>
            Server.InDatabaseAsync(async db => (await db.Authorizations.CountAsync(), await db.Tokens.CountAsync()));
    }

    [Fact]
    public async Task A_grant_without_a_refresh_token_has_none()
    {
        var (grant, _) = await NewGrantAsync(withRefreshToken: false);

        await RedeemAsync(grant);

        var row = await Server.InDatabaseAsync(db =>
            db.Authorizations.AsNoTracking().SingleAsync(g => g.Id == grant.Live.Id)
        );
        Assert.Null(row.RefreshTokenHash);
        Assert.NotNull(await Grants.FindAsync(grant.Live.Id, CancellationToken.None));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_has_ended_lets_no_code_be_redeemed_and_only_offline_grants_live_on(bool offline)
    {
        var (before, token) = await NewGrantAsync(offline);
        var after = (await NewGrantAsync(offline, like: before)).Grant;
        await RedeemAsync(before);

        await Server.InDatabaseAsync(db =>
            db.Sessions.Where(s => s.Sid == before.Live.Sid)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, Server.Now))
        );

        Assert.False(await RedeemAsync(after));
        Assert.Equal(offline, await Grants.FindAsync(before.Live.Id, CancellationToken.None) is not null);
        Assert.Equal(offline, await Grants.FindWithAccountAsync(before.Live.Id, CancellationToken.None) is not null);
        Assert.Equal(
            offline,
            await Grants.RotateAsync(token, Next(token), Portfolio, GrantKind.Any, CancellationToken.None) is not null
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disabled_account_has_no_live_grant(bool offline)
    {
        var (grant, token) = await NewGrantAsync(offline);
        await RedeemAsync(grant);

        await Server.InDatabaseAsync(db =>
            db.Accounts.Where(a => a.Id == grant.Live.AccountId)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.Disabled, true))
        );

        Assert.Null(await Grants.FindAsync(grant.Live.Id, CancellationToken.None));
        Assert.Null(await Grants.FindWithAccountAsync(grant.Live.Id, CancellationToken.None));
        Assert.Null(await Grants.RotateAsync(token, Next(token), Portfolio, GrantKind.Any, CancellationToken.None));
        Assert.False(await RedeemAsync((await NewGrantAsync(offline, like: grant)).Grant));
    }

    [Fact]
    public async Task An_expired_grant_is_dead_to_every_question()
    {
        var (grant, token) = await NewGrantAsync(offline: true);
        await RedeemAsync(grant);

        Server.Clock.Advance(grant.Live.ExpiresAt - Server.Now);

        Assert.Null(await Grants.FindAsync(grant.Live.Id, CancellationToken.None));
        Assert.Null(await Grants.FindAsync(token, CancellationToken.None));
        Assert.Null(await Grants.FindWithAccountAsync(grant.Live.Id, CancellationToken.None));
        Assert.Null(await Grants.RotateAsync(token, Next(token), Portfolio, GrantKind.Any, CancellationToken.None));
        Assert.Equal(
            RefreshTokenStanding.Expired,
            await Grants.StandingAsync(token, Portfolio, CancellationToken.None)
        );
    }

    [Fact]
    public async Task A_refresh_token_is_replaced_once_and_again_only_within_its_grace()
    {
        var (grant, first) = await NewGrantAsync();
        var second = Next(first);
        await RedeemAsync(grant);

        Assert.Null(await Grants.RotateAsync(first, second, Another, GrantKind.Any, CancellationToken.None));
        Assert.NotNull(await Grants.RotateAsync(first, second, Portfolio, GrantKind.Any, CancellationToken.None));
        Assert.Null(await Grants.RotateAsync(first, second, Portfolio, GrantKind.Any, CancellationToken.None));
        Assert.Null(await Grants.FindRotatedAsync(first, second, Another, Grace, CancellationToken.None));
        Assert.Null(
            await Grants.FindRotatedAsync(
                first,
                RefreshToken.New(grant.Live.Id),
                Portfolio,
                Grace,
                CancellationToken.None
            )
        );
        Server.Clock.Advance(Grace - TimeSpan.FromTicks(TimeSpan.TicksPerMicrosecond));
        Assert.NotNull(await Grants.FindRotatedAsync(first, second, Portfolio, Grace, CancellationToken.None));
        Server.Clock.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerMicrosecond));
        Assert.Null(await Grants.FindRotatedAsync(first, second, Portfolio, Grace, CancellationToken.None));

        Assert.NotNull(await Grants.FindAsync(second, CancellationToken.None));
        Assert.NotNull(await Grants.FindByAnyAsync(first, CancellationToken.None));
    }

    [Fact]
    public async Task The_log_can_tell_how_a_refused_token_stands()
    {
        var (grant, first) = await NewGrantAsync();
        var (second, sibling) = (Next(first), first.Next("another secret"u8));
        var third = Next(second);
        await RedeemAsync(grant);
        await Grants.RotateAsync(first, second, Portfolio, GrantKind.Any, CancellationToken.None);

        Assert.Equal(RefreshTokenStanding.Replaced, await StandingAsync(first));
        Assert.Equal(RefreshTokenStanding.Unknown, await StandingAsync(sibling));
        Assert.Equal(RefreshTokenStanding.Unknown, await StandingAsync(RefreshToken.New(grant.Live.Id)));
        await Grants.RotateAsync(second, third, Portfolio, GrantKind.Any, CancellationToken.None);
        Assert.Equal(RefreshTokenStanding.Replaced, await StandingAsync(first));
        Assert.Equal(RefreshTokenStanding.Unknown, await StandingAsync(RefreshToken.New(Guid.NewGuid())));
        Assert.Equal(
            RefreshTokenStanding.AnotherClients,
            await Grants.StandingAsync(first, Another, CancellationToken.None)
        );
        Assert.True(await Grants.RevokeAsync(grant.Live.Id));
        Assert.False(await Grants.RevokeAsync(grant.Live.Id));
        Assert.Equal(RefreshTokenStanding.Revoked, await StandingAsync(third));

        ValueTask<RefreshTokenStanding> StandingAsync(RefreshToken token) =>
            Grants.StandingAsync(token, Portfolio, CancellationToken.None);
    }

    [Fact]
    public async Task Ending_all_grants_of_an_account_is_part_of_the_callers_transaction()
    {
        var (grant, _) = await NewGrantAsync(offline: true);
        await RedeemAsync(grant);

        await Server.InDatabaseAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await Grants.RevokeAllAsync(db, grant.Live.AccountId, CancellationToken.None);
            await transaction.RollbackAsync();
            return true;
        });
        Assert.NotNull(await Grants.FindAsync(grant.Live.Id, CancellationToken.None));

        Assert.Equal(
            1,
            await Server.InDatabaseAsync(db => Grants.RevokeAllAsync(db, grant.Live.AccountId, CancellationToken.None))
        );
        Assert.Null(await Grants.FindAsync(grant.Live.Id, CancellationToken.None));
    }

    [Fact]
    [Trait("oidc", "T4")]
    [Trait("spec", "RFC 6749 4.1.2")]
    public async Task Of_a_hundred_redemptions_at_once_one_succeeds_and_its_tokens_are_revoked()
    {
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());
        var app = await Server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();
        var code = app.Callback(await browser.GetAsync(attempt.Url), attempt)["code"];

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.RedeemAsync(code, attempt.Verifier)));

        var tokens = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK).Json;
        Assert.Equal(99, answers.Count(IsInvalidGrant));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await app.UserInfoAsync(tokens.GetProperty("access_token").GetString()!)).Status
        );
        Assert.True(IsInvalidGrant(await app.RefreshAsync(tokens.GetProperty("refresh_token").GetString()!)));
        Assert.Equal(
            Statuses.Revoked,
            (await Server.InDatabaseAsync(db => db.Authorizations.AsNoTracking().SingleAsync())).Status
        );
    }

    [Fact]
    [Trait("oidc", "T9")]
    [Trait("spec", "RFC 9700 4.14.2")]
    public async Task Of_fifty_refreshes_at_once_each_is_answered_within_the_grace_and_one_replacement_lives_on()
    {
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());
        var app = await Server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.RefreshAsync(tokens.RefreshToken!)));

        var replacements = answers
            .Select(answer => answer.Ok().Json.GetProperty("refresh_token").GetString()!)
            .ToList();
        Assert.Single(replacements.Distinct());
        Assert.Equal(
            1,
            await Server.InDatabaseAsync(db => db.Authorizations.CountAsync(g => g.Status == Statuses.Valid))
        );
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [Trait("oidc", "N3")]
    public async Task Parallel_refreshes_get_the_same_successor_and_the_family_lives_on(int tabs)
    {
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());
        var app = await Server.Given.RelyingPartyAsync();
        var token = (await app.SignInAsync(browser)).RefreshToken!;

        for (var round = 0; round < 4; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, tabs).Select(_ => app.RefreshAsync(token)));
            token = Assert.Single(
                answers.Select(answer => answer.Ok().Json.GetProperty("refresh_token").GetString()!).Distinct()
            );
        }
    }

    [Fact]
    [Trait("oidc", "L6")]
    [Trait("spec", "RFC 6749 4.1.2")]
    public async Task A_log_out_that_meets_a_redemption_and_a_refresh_ends_what_they_gave()
    {
        for (var round = 0; round < 10; round++)
        {
            using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());
            var app = await Server.Given.RelyingPartyAsync();
            var tokens = await app.SignInAsync(browser);
            var attempt = app.Authorize();
            var code = app.Callback(await browser.GetAsync(attempt.Url), attempt)["code"];

            var answers = await Task.WhenAll(
                app.RedeemAsync(code, attempt.Verifier),
                app.RefreshAsync(tokens.RefreshToken!),
                browser.GetAsync($"/connect/endsession?id_token_hint={tokens.IdToken}")
            );

            foreach (
                var given in answers
                    .Take(2)
                    .Where(answer => answer.Status == HttpStatusCode.OK)
                    .Select(answer => answer.Json)
            )
            {
                Assert.Equal(
                    HttpStatusCode.Unauthorized,
                    (await app.UserInfoAsync(given.GetProperty("access_token").GetString()!)).Status
                );
                Assert.True(IsInvalidGrant(await app.RefreshAsync(given.GetProperty("refresh_token").GetString()!)));
            }
        }
    }

    private static bool IsInvalidGrant(Page page) =>
        page.Status == HttpStatusCode.BadRequest && page.Json.GetProperty("error").GetString() == "invalid_grant";

    private static RefreshToken Next(RefreshToken token) => token.Next("secret"u8);

    private Task<bool> RedeemAsync(NewGrant grant) => Grants.RedeemAsync(grant, CancellationToken.None).AsTask();

    /// <summary>
    /// What a code's redemption would insert, and its refresh token: for a new person with a session, or for that of
    /// another grant.
    /// </summary>
    private async Task<(NewGrant Grant, RefreshToken Token)> NewGrantAsync(
        bool offline = false,
        bool withRefreshToken = true,
        NewGrant? like = null
    )
    {
        var (accountId, sid, stamp) = like is null
            ? await NewSessionAsync()
            : (like.Live.AccountId, like.Live.Sid, like.Live.SecurityStamp);
        var token = RefreshToken.New(Guid.NewGuid());
        var live = new LiveGrant(
            token.GrantId,
            accountId,
            Portfolio,
            sid,
            stamp,
            "openid email",
            """{"u":["name"]}""",
            Server.Now,
            "pwd",
            Server.Now.AddMinutes(20)
        );
        return (new NewGrant(live, offline, withRefreshToken ? token : null), token);
    }

    private async Task<(Guid AccountId, string Sid, Guid Stamp)> NewSessionAsync()
    {
        var account = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(account);
        var session = await Server.InDatabaseAsync(db =>
            db.Sessions.AsNoTracking().SingleAsync(s => s.AccountId == account.Id)
        );
        return (account.Id, session.Sid, session.SecurityStamp);
    }
}
