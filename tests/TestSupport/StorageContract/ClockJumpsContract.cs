using System.Net;
using AuthServer.Accounts;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>
/// The machine's clock runs a day ahead, or two machines' clocks differ, and is put right: what people do before and
/// after comes in the order in which they did it, and nobody waits for the clock to catch up.
/// </summary>
public abstract class ClockJumpsContract : StorageContract
{
    private const string Email = "anna@example.org";

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private Forgotten Forgotten => new(Server);

    [Fact]
    public async Task After_a_reset_on_a_clock_that_ran_ahead_the_new_password_logs_in_and_stays_logged_in()
    {
        var person = await PersonAsync();
        Server.Clock.Jump(Day);
        await Forgotten.ChooseAsync(await Forgotten.LinkAsync(Email));

        Server.Clock.Jump(-Day);
        using var browser = Server.NewBrowser();
        var home = await browser.LogInAsync(await browser.OpenAsync("/log-in"), person.Username, Forgotten.NewPassword);
        var app = await Server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);

        Assert.Equal("Your account", home.Heading);
        Assert.Equal(HttpStatusCode.OK, (await app.UserInfoAsync(tokens.AccessToken)).Status);
    }

    [Fact]
    public async Task A_link_that_was_made_after_the_clock_was_put_right_is_the_newest()
    {
        var person = await PersonAsync();
        Server.Clock.Jump(Day);
        var ahead = await Forgotten.LinkAsync(Email);

        Server.Clock.Jump(-Day);
        var link = await Forgotten.LinkAsync(Email);

        using var browser = Server.NewBrowser();
        Assert.Equal("There is a newer link", (await browser.GetAsync(ahead)).Heading);
        await Forgotten.ChooseAsync(link);
        Assert.IsType<LogInOutcome.LoggedIn>(
            await new LogInAttempt(Server).TryAsync(person.Username, Forgotten.NewPassword)
        );
    }

    [Fact]
    public async Task A_link_of_a_clock_that_ran_ahead_works_as_long_as_any_other_from_the_first_look_on()
    {
        await PersonAsync();
        Server.Clock.Jump(Day);
        var link = await Forgotten.LinkAsync(Email);
        Server.Clock.Jump(-Day);
        using var browser = Server.NewBrowser();

        Assert.Equal("Choose a new password", (await browser.GetAsync(link)).Heading);
        Server.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("Choose a new password", (await browser.GetAsync(link)).Heading);
        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("This link has expired", (await browser.GetAsync(link)).Heading);
    }

    [Fact]
    public async Task A_link_and_a_session_from_before_work_again_when_a_clock_that_was_put_forward_is_put_right()
    {
        var person = await PersonAsync();
        using var browser = await Server.Given.LoggedInAsync(person);
        var app = await Server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);
        var link = await Forgotten.LinkAsync(Email);

        Server.Clock.Jump(Day);
        using var other = Server.NewBrowser();
        Assert.Equal("This link has expired", (await other.GetAsync(link)).Heading);
        Assert.Equal("/log-in", (await browser.GetAsync("/account")).Location?.AbsolutePath);
        Server.Clock.Jump(-Day);

        Assert.Equal("Choose a new password", (await other.GetAsync(link)).Heading);
        (await browser.GetAsync("/account")).Ok();
        Assert.Equal(HttpStatusCode.OK, (await app.RefreshAsync(tokens.RefreshToken!)).Status);
    }

    [Fact]
    public async Task Wrong_guesses_on_a_clock_that_ran_ahead_cost_no_more_than_their_delay()
    {
        var person = await PersonAsync();
        Server.Clock.Jump(Day);
        for (var i = 0; i < 6; i++)
        {
            await new LogInAttempt(Server).TryAsync(person.Username, "a wrong password");
        }

        Server.Clock.Jump(-Day);
        var early = Assert.IsType<LogInOutcome.Throttled>(
            await new LogInAttempt(Server).TryAsync(person.Username, person.Password)
        );
        Server.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), early.RetryAfter);
        Assert.IsType<LogInOutcome.LoggedIn>(await new LogInAttempt(Server).TryAsync(person.Username, person.Password));
    }

    [Fact]
    public async Task Limits_that_were_reached_on_a_clock_that_ran_ahead_are_not_counted_on()
    {
        await PersonAsync();
        Server.Clock.Jump(Day);
        for (var i = 0; i < 6; i++)
        {
            await Forgotten.AskAsync(Email);
            await Forgotten.AnsweredAsync();
        }

        var before = (await Forgotten.KindsAsync(Email)).Count;
        Server.Clock.Jump(-Day);
        await Forgotten.LinkAsync(Email);

        Assert.Equal(before + 1, (await Forgotten.KindsAsync(Email)).Count);
    }

    [Fact]
    public async Task A_session_of_a_clock_that_ran_ahead_goes_on_and_ends_when_it_is_idle()
    {
        var person = await PersonAsync();
        Server.Clock.Jump(Day);
        using var browser = await Server.Given.LoggedInAsync(person);
        var ahead = Server.Now;
        Server.Clock.Jump(-Day);

        (await browser.GetAsync("/account")).Ok();
        var session = await Server.InDatabaseAsync(db => db.Sessions.AsNoTracking().SingleAsync());
        Server.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((Server.Now.AddHours(-1), Server.Now.AddHours(11)), (session.LastSeenAt, session.ExpiresAt));
        Assert.Equal("/log-in", (await browser.GetAsync("/account")).Location?.AbsolutePath);
        Assert.Equal(ahead, session.AuthenticatedAt);
    }

    [Fact]
    public async Task A_log_in_of_a_clock_that_ran_ahead_is_too_old_for_an_app_that_wants_a_recent_one_and_is_done_again_once()
    {
        var person = await PersonAsync();
        Server.Clock.Jump(Day);
        using var browser = await Server.Given.LoggedInAsync(person);
        Server.Clock.Jump(-Day);
        var app = await Server.Given.RelyingPartyAsync();
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["max_age"] = "600" });

        var page = await browser.OpenAsync(attempt.Url);
        var back = await browser.LogInAsync(page, person.Username, person.Password);

        Assert.Equal("Log in to Portfolio", page.Heading);
        Assert.Contains("code", app.Callback(back, attempt).Keys);
    }

    [Theory]
    [InlineData(30)] // the page may be open for an hour
    [InlineData(-4)] // a page that is dated further ahead than clocks may be apart is begun again
    public async Task Who_logs_in_again_while_the_clock_is_set_is_not_asked_a_second_time(int minutes)
    {
        var person = await PersonAsync();
        using var browser = await Server.Given.LoggedInAsync(person);
        var app = await Server.Given.RelyingPartyAsync();
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["prompt"] = "login" });
        var page = await browser.OpenAsync(attempt.Url);

        Server.Clock.Jump(TimeSpan.FromMinutes(minutes));
        var back = await browser.LogInAsync(page, person.Username, person.Password);

        Assert.Contains("code", app.Callback(back, attempt).Keys);
    }

    [Fact]
    public async Task A_refresh_token_of_a_clock_that_ran_ahead_works_and_the_one_before_it_has_no_longer_grace()
    {
        var person = await PersonAsync();
        using var browser = await Server.Given.LoggedInAsync(person);
        var app = await Server.Given.RelyingPartyAsync();
        var (first, other) = (
            (await app.SignInAsync(browser)).RefreshToken!,
            (await app.SignInAsync(browser)).RefreshToken!
        );
        Server.Clock.Jump(TimeSpan.FromHours(2));
        (await app.RefreshAsync(first)).Ok();
        var next = (await app.RefreshAsync(other)).Ok().Json.GetProperty("refresh_token").GetString()!;
        Server.Clock.Jump(TimeSpan.FromHours(-2));
        Server.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(HttpStatusCode.OK, (await app.RefreshAsync(next)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.RefreshAsync(first)).Status);
    }

    [Fact]
    public async Task Two_servers_whose_clocks_differ_log_in_who_has_just_chosen_a_password_on_the_other()
    {
        var person = await PersonAsync();
        var ahead = new FixedClock("2026-01-31T09:00:20Z");
        await using var other = await AuthServerFixture.StartAsync(ahead, Server.Database);
        var link = await Forgotten.LinkAsync(Email);

        await new Forgotten(other).ChooseAsync(link);

        Assert.IsType<LogInOutcome.LoggedIn>(
            await new LogInAttempt(Server).TryAsync(person.Username, Forgotten.NewPassword)
        );
        using var browser = await Server.Given.LoggedInAsync(person);
        (await browser.GetAsync("/account")).Ok();
    }

    [Fact]
    public async Task A_clock_that_is_behind_what_is_stored_is_warned_of_once()
    {
        await PersonAsync();
        Server.Clock.Jump(TimeSpan.FromSeconds(6));
        await Forgotten.LinkAsync(Email);
        await LookAsync();
        Assert.Empty(Warnings(6010));

        Server.Clock.Jump(TimeSpan.FromSeconds(-6));
        await LookAsync();
        await LookAsync();
        Assert.Single(Warnings(6010));

        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await LookAsync(); // it has caught up
        await Forgotten.LinkAsync(Email);
        Server.Clock.Jump(-Day);
        await LookAsync();
        Assert.Equal(2, Warnings(6010).Count);
    }

    private protected List<LogLine> Warnings(int id) => [.. Server.Log.Lines.Where(line => line.Id == id)];

    private protected Task LookAsync() =>
        Server.Services.GetRequiredService<ClockCheck>().LookAsync(CancellationToken.None);

    private protected Task<GivenAccount> PersonAsync() =>
        Server.Given.AccountAsync(more: account => (account.Email, account.EmailVerified) = (Email, true));
}
