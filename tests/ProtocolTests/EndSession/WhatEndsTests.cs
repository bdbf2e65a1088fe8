using System.Net;
using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.EndSession;

/// <summary>What a log-out, a new log-in and a disabled account do to the tokens that apps hold.</summary>
public sealed class WhatEndsTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private readonly AuthServerFixture server = clocked.Server;

    [Fact]
    [Trait("oidc", "L6")]
    [Trait("spec", "Back-Channel Logout 2.7")]
    public async Task Logging_out_ends_every_apps_tokens_at_once_but_the_offline_ones()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var (app, other) = (await server.Given.RelyingPartyAsync(), await server.Given.RelyingPartyAsync());
        var (tokens, others) = (await app.SignInAsync(browser), await other.SignInAsync(browser));
        var offline = await server.SignInOfflineAsync(other, browser, account);

        await LogOutAsync(browser, tokens);

        await AreDeadAsync(app, tokens);
        await AreDeadAsync(other, others);
        (await other.UserInfoAsync(offline.AccessToken)).Ok();
        (await other.RefreshAsync(offline.RefreshToken!)).Ok();
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("openid offline_access")]
    [Trait("oidc", "L6")]
    [Trait("oidc", "T4")]
    [Trait("spec", "RFC 6749 4.1.2")]
    public async Task A_code_from_before_the_log_out_is_refused(string scope)
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);
        var attempt = app.Authorize(scope, new Dictionary<string, string?> { ["prompt"] = "consent" });
        var ticket = (await browser.GetAsync(attempt.Url)).TicketFor("/consent");
        var code = app.CodeOf(
            await browser.GetAsync(ProtocolSteps.Back(await server.AgreedAsync(ticket, account, scope))),
            attempt
        );

        await LogOutAsync(browser, tokens);

        (await app.RedeemAsync(code, attempt.Verifier)).IsError("invalid_grant");
    }

    [Fact]
    [Trait("oidc", "L9")]
    [Trait("oidc", "A8")]
    public async Task The_same_person_logging_in_again_keeps_the_sid_and_the_tokens()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        var before = await app.SignInAsync(browser);

        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await server.Given.LoggedInAsync(account, browser);
        var after = await app.SignInAsync(browser);

        Assert.Equal(before.Claims.GetPayloadValue<string>("sid"), after.Claims.GetPayloadValue<string>("sid"));
        (await app.UserInfoAsync(before.AccessToken)).Ok();
        (await app.RefreshAsync(before.RefreshToken!)).Ok();
    }

    [Fact]
    [Trait("oidc", "L9")]
    public async Task Another_person_logging_in_ends_the_first_persons_tokens()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var before = await app.SignInAsync(browser);

        await server.Given.LoggedInAsync(await server.Given.AccountAsync(), browser);
        var after = await app.SignInAsync(browser);

        Assert.NotEqual(before.Claims.GetPayloadValue<string>("sid"), after.Claims.GetPayloadValue<string>("sid"));
        await AreDeadAsync(app, before);
    }

    [Fact]
    [Trait("oidc", "L9")]
    public async Task Every_browser_has_a_sid_of_its_own_and_logs_out_for_itself()
    {
        var account = await server.Given.AccountAsync();
        using var desk = await server.Given.LoggedInAsync(account);
        using var phone = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        var (atDesk, onPhone) = (await app.SignInAsync(desk), await app.SignInAsync(phone));

        await LogOutAsync(desk, atDesk);

        Assert.NotEqual(atDesk.Claims.GetPayloadValue<string>("sid"), onPhone.Claims.GetPayloadValue<string>("sid"));
        await AreDeadAsync(app, atDesk);
        (await app.UserInfoAsync(onPhone.AccessToken)).Ok();
    }

    [Fact]
    [Trait("spec", "RFC 7009 1")]
    public async Task A_disabled_account_ends_everything_offline_tokens_and_codes_too()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);
        var offline = await server.SignInOfflineAsync(app, browser, account);
        var (code, attempt) = await app.CodeAsync(browser);

        await server.InDatabaseAsync(db =>
            db.Accounts.Where(a => a.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.Disabled, true))
        );

        await AreDeadAsync(app, tokens);
        await AreDeadAsync(app, offline);
        (await app.RedeemAsync(code, attempt.Verifier)).IsError("invalid_grant");
        Assert.Equal(
            "login_required",
            await app.RefusedAsync(
                browser,
                app.Authorize(more: new Dictionary<string, string?> { ["prompt"] = "none" })
            )
        );
    }

    [Fact]
    public async Task Ending_all_grants_of_an_account_ends_offline_ones_and_nobody_elses()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        using var other = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var offline = await server.SignInOfflineAsync(app, browser, account);
        var others = await app.SignInAsync(other);

        await server.InScopeAsync(async services =>
        {
            await services.GetRequiredService<IAccountGrants>().RevokeAllAsync(account.Id, CancellationToken.None);
            return true;
        });

        await AreDeadAsync(app, offline);
        (await app.UserInfoAsync(others.AccessToken)).Ok();
    }

    private static async Task LogOutAsync(TestBrowser browser, Tokens tokens)
    {
        var page = await browser.GetAsync($"/connect/endsession?id_token_hint={tokens.IdToken}");
        Assert.Equal("/log-out/done", page.Location!.AbsolutePath);
    }

    private static async Task AreDeadAsync(RelyingParty app, Tokens tokens)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
        (await app.RefreshAsync(tokens.RefreshToken!)).IsError("invalid_grant");
    }
}
