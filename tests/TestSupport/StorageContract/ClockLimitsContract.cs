using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases.Claim;
using Recovery.Ports;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>
/// The clock is set by a day, forward or back, and put right again: apps go on refreshing their tokens, and nobody is
/// kept from a limit's next window for longer than the window is.
/// </summary>
public abstract class ClockLimitsContract : StorageContract
{
    private const string Email = "anna@example.org";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private Forgotten Forgotten => new(Server);

    protected override IReadOnlyDictionary<string, string?>? Settings =>
        new Dictionary<string, string?>
        {
            ["Limits:Cases:PerNetworkPerHour"] = "3",
            ["Limits:Cases:MailsPerAddressPerDay"] = "2",
            ["Limits:Recovery:RequestsPerNetwork"] = "3",
            ["Limits:Recovery:UnknownAddressMails"] = "2",
        };

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task An_offline_sign_in_is_refreshed_however_the_clock_is_set_and_theft_is_still_noticed(int days)
    {
        var account = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(account);
        var app = await Server.Given.RelyingPartyAsync();
        var first = (await Server.SignInOfflineAsync(app, browser, account)).RefreshToken!;

        Server.Clock.Jump(TimeSpan.FromDays(days));
        var meanwhile = await RefreshedAsync(app, first);
        Assert.Equal(meanwhile, await RefreshedAsync(app, first)); // a lost answer
        Server.Clock.Jump(TimeSpan.FromDays(-days));

        var after = await RefreshedAsync(app, meanwhile);
        Server.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.RefreshAsync(first)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.RefreshAsync(after)).Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_network_that_has_begun_enough_forms_waits_no_longer_than_an_hour_however_the_clock_is_set(
        int days
    )
    {
        await FillAsync();
        Server.Clock.Jump(TimeSpan.FromDays(days));
        Assert.IsType<DraftBegun.Begun>(await BeginAsync());
        Server.Clock.Jump(TimeSpan.FromDays(-days));

        Assert.InRange(Assert.IsType<DraftBegun.TooMany>(await BeginAsync()).Wait, TimeSpan.Zero, Hour);
        Server.Clock.Advance(Hour);
        await FillAsync();
    }

    [Fact]
    public async Task A_server_that_is_a_little_ahead_keeps_a_network_waiting_for_no_longer_than_an_hour()
    {
        Server.Clock.Jump(TimeSpan.FromMinutes(4));
        await FillAsync();
        Server.Clock.Jump(TimeSpan.FromMinutes(-4));

        Assert.Equal(Hour, Assert.IsType<DraftBegun.TooMany>(await BeginAsync()).Wait);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task An_address_that_was_sent_the_mails_of_a_day_gets_another_when_the_clock_is_put_right(int days)
    {
        Server.Clock.Jump(TimeSpan.FromDays(days));
        using var before = new Claimant(Server, Email);
        await SendFormAsync(before, times: 3);
        Assert.Equal(2, await MailsAsync());
        Server.Clock.Jump(TimeSpan.FromDays(-days));

        using var after = new Claimant(Server, Email);
        await SendFormAsync(after, times: 3);
        Assert.Equal(4, await MailsAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Requests_of_a_network_are_kept_again_an_hour_later_however_the_clock_is_set(int days)
    {
        await AskAsync(4);
        Assert.Equal(3, await RequestsAsync());
        Server.Clock.Jump(TimeSpan.FromDays(days));
        await AskAsync(4);
        Assert.Equal(6, await RequestsAsync());
        Server.Clock.Jump(TimeSpan.FromDays(-days));
        await AskAsync(1);
        Assert.Equal(6, await RequestsAsync());

        Server.Clock.Advance(Hour);
        await AskAsync(4);
        Assert.Equal(9, await RequestsAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task An_address_that_nobody_uses_is_told_so_again_when_the_clock_is_put_right(int days)
    {
        Server.Clock.Jump(TimeSpan.FromDays(days));
        await AskAsync(3);
        Assert.Equal(2, await MailsAsync());
        Server.Clock.Jump(TimeSpan.FromDays(-days));

        await AskAsync(1);
        Assert.Equal(3, await MailsAsync());
    }

    [Fact]
    public async Task A_request_of_an_app_that_was_put_aside_a_day_ahead_is_begun_again()
    {
        var person = await Server.Given.AccountAsync();
        var app = await Server.Given.RelyingPartyAsync();
        Server.Clock.Jump(TimeSpan.FromDays(1));
        using var browser = Server.NewBrowser();
        var page = await browser.OpenAsync(app.Authorize().Url);
        Server.Clock.Jump(TimeSpan.FromDays(-1));

        var end = await browser.LogInAsync(page, person.Username, person.Password);

        Assert.Equal("Your account", end.Ok().Heading); // no code for a request whose hour cannot be told
        await app.SignInAsync(browser);
    }

    /// <returns>The next refresh token; the access token beside it works.</returns>
    private static async Task<string> RefreshedAsync(RelyingParty app, string refreshToken)
    {
        var answer = (await app.RefreshAsync(refreshToken)).Ok().Json;
        (await app.UserInfoAsync(answer.GetProperty("access_token").GetString()!)).Ok();
        return answer.GetProperty("refresh_token").GetString()!;
    }

    private async Task FillAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<DraftBegun.Begun>(await BeginAsync());
        }

        Assert.IsType<DraftBegun.TooMany>(await BeginAsync());
    }

    private Task<DraftBegun> BeginAsync() =>
        Server.InScopeAsync(services =>
            services
                .GetRequiredService<Drafts>()
                .BeginAsync(
                    $"{Guid.NewGuid():N}@example.test",
                    new Visit("198.51.100.0/24", null),
                    null,
                    CancellationToken.None
                )
        );

    private static async Task SendFormAsync(Claimant person, int times)
    {
        await person.BeginAsync();
        await person.AnswerAsync("/support-case/name", Claimant.Answers["/support-case/name"]);
        for (var i = 0; i < times; i++)
        {
            await person.Browser.SubmitAsync((await person.Browser.GetAsync("/support-case/check-your-answers")).Ok());
        }
    }

    private async Task AskAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Forgotten.AskAsync(Email);
            await Forgotten.AnsweredAsync();
        }
    }

    private Task<int> MailsAsync() => Server.InDatabaseAsync(db => db.Outbox.CountAsync(m => m.To == Email));

    private Task<int> RequestsAsync() => Server.InDatabaseAsync(db => db.RecoveryRequests.CountAsync());
}
