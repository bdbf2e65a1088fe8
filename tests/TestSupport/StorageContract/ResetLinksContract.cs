using System.Net;
using AuthServer.Accounts;
using AuthServer.Audit;
using Microsoft.EntityFrameworkCore;
using Recovery.ResetLinks;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>
/// A link is spent once, by a form that is sent, and says what is the matter with it when it cannot be.
/// </summary>
public abstract class ResetLinksContract : StorageContract
{
    private const string Email = "anna@example.org";

    private Forgotten Forgotten => new(Server);

    [Fact]
    public async Task Opening_a_link_spends_nothing_and_sending_the_form_spends_it()
    {
        var person = await PersonAsync();
        var link = await Forgotten.LinkAsync(Email);
        using var scanner = Server.NewBrowser();
        for (var i = 0; i < 3; i++)
        {
            (await scanner.GetAsync(link)).Ok();
            (await scanner.SendAsync(new HttpRequestMessage(HttpMethod.Head, link))).Ok();
        }

        using var browser = Server.NewBrowser();
        var done = await browser.FollowAsync(await Forgotten.ChooseAsync(browser, link));

        Assert.Equal("You have changed your password", done.Ok().Heading);
        Assert.Contains(person.Username, done.Text, StringComparison.Ordinal);
        Assert.IsType<LogInOutcome.LoggedIn>(
            await new LogInAttempt(Server).TryAsync(person.Username, Forgotten.NewPassword)
        );
        Assert.IsType<LogInOutcome.Refused>(await new LogInAttempt(Server).TryAsync(person.Username, person.Password));
    }

    [Fact]
    public async Task A_new_password_ends_what_the_old_one_opened_lifts_the_throttle_and_tells_the_person()
    {
        var person = await PersonAsync();
        using var browser = await Server.Given.LoggedInAsync(person);
        var app = await Server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);
        for (var i = 0; i < 7; i++)
        {
            await new LogInAttempt(Server).TryAsync(person.Username, "a wrong password");
        }

        Assert.IsType<LogInOutcome.Throttled>(
            await new LogInAttempt(Server).TryAsync(person.Username, person.Password)
        );
        var link = await Forgotten.LinkAsync(Email);
        Server.Clock.Advance(TimeSpan.FromMinutes(1));

        await Forgotten.ChooseAsync(link);

        Assert.IsType<LogInOutcome.LoggedIn>(
            await new LogInAttempt(Server).TryAsync(person.Username, Forgotten.NewPassword)
        );
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.RefreshAsync(tokens.RefreshToken!)).Status);
        Assert.Equal("/log-in", (await browser.GetAsync("/account")).Location?.AbsolutePath);
        Assert.Equal(["PasswordChanged", "Reminder"], await Forgotten.KindsAsync(Email));
        var events = await Server.InDatabaseAsync(db =>
            db.AuditEvents.Where(e => e.AccountId == person.Id).Select(e => e.Kind).ToListAsync()
        );
        Assert.Contains("recovery.link-used", events);
        Assert.Contains(AuditKinds.PasswordChanged, events);
    }

    [Fact]
    public async Task After_a_reset_the_person_is_logged_in_and_whoever_was_before_is_logged_out()
    {
        var person = await PersonAsync();
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync("somebody4821"));
        var app = await Server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);
        var link = await Forgotten.LinkAsync(Email);

        await browser.FollowAsync(await Forgotten.ChooseAsync(browser, link));

        Assert.Contains(person.Username, (await browser.GetAsync("/account")).Ok().Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
        var sessions = await Server.InDatabaseAsync(db =>
            db.Sessions.Where(s => s.EndedAt == null).Select(s => s.AccountId).ToListAsync()
        );
        Assert.Equal([person.Id], sessions);
    }

    [Fact]
    public async Task A_session_of_the_same_person_ends_too_and_its_sid_is_not_used_again()
    {
        var person = await PersonAsync();
        using var browser = await Server.Given.LoggedInAsync(person);
        var before = await Server.InDatabaseAsync(db => db.Sessions.Select(s => s.Sid).SingleAsync());
        var link = await Forgotten.LinkAsync(Email);

        await Forgotten.ChooseAsync(browser, link);

        var living = await Server.InDatabaseAsync(db =>
            db.Sessions.Where(s => s.EndedAt == null).Select(s => s.Sid).SingleAsync()
        );
        Assert.NotEqual(before, living);
    }

    [Fact]
    public async Task Of_a_hundred_forms_sent_at_once_one_wins()
    {
        var person = await PersonAsync();
        var link = await Forgotten.LinkAsync(Email);
        using var browser = Server.NewBrowser();
        var form = (await browser.GetAsync(link)).Ok();

        // More than the queue of password hashes holds: who is told to come back sends the same form again.
        var passwords = Enumerable.Range(0, 100).Select(i => $"four green bicycles {i} uphill").ToList();
        var answers = await Task.WhenAll(passwords.Select(password => UntilAnsweredAsync(browser, form, password)));

        var winner = Assert.Single(answers.Index(), answer => answer.Item.Status == HttpStatusCode.SeeOther);
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.SeeOther),
            loser => Assert.Equal((HttpStatusCode.Gone, "This link has been used"), (loser.Status, loser.Heading))
        );
        Assert.IsType<LogInOutcome.LoggedIn>(
            await new LogInAttempt(Server).TryAsync(person.Username, passwords[winner.Index])
        );
        Assert.Equal(["PasswordChanged", "Reminder"], await Forgotten.KindsAsync(Email));
        Assert.Equal(
            1,
            await Server.InDatabaseAsync(db => db.AuditEvents.CountAsync(e => e.Kind == AuditKinds.PasswordChanged))
        );
    }

    [Fact]
    public async Task Every_link_says_how_it_died_and_offers_the_next_step()
    {
        await PersonAsync();
        var first = await Forgotten.LinkAsync(Email);
        Server.Clock.Advance(TimeSpan.FromMinutes(2));
        var second = await Forgotten.LinkAsync(Email);

        await IsDeadAsync(first, "There is a newer link", "31 January 2026 at 9:02am");
        Server.Clock.Advance(TimeSpan.FromMinutes(3));
        await Forgotten.ChooseAsync(second);
        await IsDeadAsync(second, "This link has been used", "31 January 2026 at 9:05am");
        await IsDeadAsync(first, "There is a newer link", "31 January 2026 at 9:02am");

        var third = await Forgotten.LinkAsync(Email);
        Server.Clock.Advance(TimeSpan.FromHours(1));
        await IsDeadAsync(third, "This link has expired", "31 January 2026 at 10:05am");
        await IsDeadAsync(
            "/reset-password/cut-short",
            "This link is not complete",
            "Open the link in our email again",
            HttpStatusCode.NotFound
        );
        await IsDeadAsync(
            "/reset-password",
            "This link is not complete",
            "Open the link in our email again",
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task A_link_dies_when_the_address_or_the_password_is_changed_or_the_account_locked()
    {
        var person = await PersonAsync();
        var link = await Forgotten.LinkAsync(Email);

        await ChangeAsync(person, set => set.SetProperty(a => a.Disabled, true));
        await IsDeadAsync(link, "This account is locked", "Contact support", canAskAgain: false);
        await ChangeAsync(
            person,
            set => set.SetProperty(a => a.Disabled, false).SetProperty(a => a.EmailNormalized, "other@example.org")
        );
        await IsDeadAsync(link, "This link does not work any more", "has been changed since we sent this link");
        await ChangeAsync(
            person,
            set => set.SetProperty(a => a.EmailNormalized, Email).SetProperty(a => a.EmailVerified, false)
        );
        await IsDeadAsync(link, "This link does not work any more", "has been changed since we sent this link");
        await ChangeAsync(
            person,
            set => set.SetProperty(a => a.EmailVerified, true).SetProperty(a => a.SecurityStamp, Guid.NewGuid())
        );
        await IsDeadAsync(link, "This link does not work any more", "the account was locked or logged out everywhere");
        Assert.IsType<LogInOutcome.LoggedIn>(await new LogInAttempt(Server).TryAsync(person.Username, person.Password));
    }

    [Fact]
    public async Task A_form_that_was_open_when_the_link_died_changes_nothing_and_says_so()
    {
        var person = await PersonAsync();
        var link = await Forgotten.LinkAsync(Email);
        using var browser = Server.NewBrowser();
        var form = (await browser.GetAsync(link)).Ok();
        Server.Clock.Advance(TimeSpan.FromHours(1));

        var answer = await browser.SubmitAsync(
            form,
            new Dictionary<string, string> { ["NewPassword"] = Forgotten.NewPassword },
            "main form"
        );

        Assert.Equal((HttpStatusCode.Gone, "This link has expired"), (answer.Status, answer.Heading));
        Assert.IsType<LogInOutcome.LoggedIn>(await new LogInAttempt(Server).TryAsync(person.Username, person.Password));
    }

    [Fact]
    public async Task Spending_one_link_kills_the_others_of_the_account_and_no_other_accounts()
    {
        await PersonAsync("smith1234");
        await PersonAsync("smith-supervisor");
        var links = await Forgotten.LinksAsync(Email);

        await Forgotten.ChooseAsync(links[0]);

        await IsDeadAsync(links[0], "This link has been used", "31 January 2026 at 9:00am");
        using var browser = Server.NewBrowser();
        Assert.Equal("Choose a new password", (await browser.GetAsync(links[1])).Ok().Heading);
    }

    [Theory]
    [InlineData("short", "Your password must be 12 characters or more")]
    [InlineData(
        "Smith1234 portfolio",
        "Your password must not be made of words like NHS, portfolio or password. Use other words"
    )]
    [InlineData("", "Enter a new password")]
    public async Task A_refused_password_says_what_to_change_and_the_link_works_on(string password, string reason)
    {
        var person = await PersonAsync("smith1234");
        var link = await Forgotten.LinkAsync(Email);
        using var browser = Server.NewBrowser();

        var refused = await Forgotten.ChooseAsync(browser, link, password);
        var again = await browser.SubmitAsync(
            refused,
            new Dictionary<string, string> { ["NewPassword"] = Forgotten.NewPassword },
            "main form"
        );

        Assert.StartsWith("Error: ", refused.Document.Title, StringComparison.Ordinal);
        Assert.Equal(reason, refused.One(".nhsuk-error-summary a[href='#NewPassword']").TextContent);
        Assert.Equal("/reset-password", refused.Url.AbsolutePath);
        Assert.Equal(HttpStatusCode.SeeOther, again.Status);
        Assert.IsType<LogInOutcome.LoggedIn>(
            await new LogInAttempt(Server).TryAsync(person.Username, Forgotten.NewPassword)
        );
    }

    [Fact]
    public async Task The_password_is_normalized_as_it_is_at_log_in()
    {
        var person = await PersonAsync();

        await Forgotten.ChooseAsync(await Forgotten.LinkAsync(Email), "it\u2019s raining \u2014 again \u2026 today");

        Assert.IsType<LogInOutcome.LoggedIn>(
            await new LogInAttempt(Server).TryAsync(person.Username, "it's raining - again ... today")
        );
    }

    [Fact]
    public async Task The_database_holds_the_tokens_hash_and_nowhere_the_token()
    {
        await PersonAsync();
        var token = (await Forgotten.LinkAsync(Email)).Split('/')[^1];

        var row = await LinkRowAsync();

        Assert.Equal(43, token.Length);
        Assert.Equal(ResetToken.HashOf(token), row.TokenHash);
        Assert.DoesNotContain(
            token,
            string.Join('\n', await Server.InDatabaseAsync(db => db.AuditEvents.Select(e => e.Detail).ToListAsync())),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            token,
            string.Join('\n', await Server.InDatabaseAsync(db => db.Outbox.Select(m => m.Subject).ToListAsync())),
            StringComparison.Ordinal
        );
        Assert.All(
            await Server.InDatabaseAsync(db => db.Outbox.Select(m => m.SealedBody).ToListAsync()),
            body =>
                Assert.DoesNotContain(token, System.Text.Encoding.UTF8.GetString(body ?? []), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_was_begun_before_everything_was_ended_is_dead_however_late_it_is_written()
    {
        var person = await PersonAsync();
        using var browser = await Server.Given.LoggedInAsync(person);
        var app = await Server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);
        Server.Clock.Advance(TimeSpan.FromMinutes(1));

        // As two transactions leave it that cannot see each other: signed out, and a session and a grant that were
        // written meanwhile.
        await ChangeAsync(person, set => set.SetProperty(a => a.SecurityStamp, Guid.NewGuid()));

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.RefreshAsync(tokens.RefreshToken!)).Status);
        Assert.Equal("/log-in", (await browser.GetAsync("/account")).Location?.AbsolutePath);
    }

    private static async Task<Page> UntilAnsweredAsync(TestBrowser browser, Page form, string password)
    {
        while (true)
        {
            var answer = await browser.SubmitAsync(
                form,
                new Dictionary<string, string> { ["NewPassword"] = password },
                "main form"
            );
            if (answer.Status != HttpStatusCode.ServiceUnavailable)
            {
                return answer;
            }

            await Task.Delay(20);
        }
    }

    private async Task IsDeadAsync(
        string link,
        string heading,
        string words,
        HttpStatusCode status = HttpStatusCode.Gone,
        bool canAskAgain = true
    )
    {
        using var browser = Server.NewBrowser();
        var page = await browser.GetAsync(link);

        Assert.Equal((status, heading), (page.Status, page.Heading));
        Assert.Contains(words, page.Text, StringComparison.Ordinal);
        Assert.Equal(canAskAgain ? 1 : 0, page.All("main a.nhsuk-button[href='/forgotten-login-details']").Count);
        Assert.Empty(page.All("main form"));
    }

    private Task<GivenAccount> PersonAsync(string? username = null) =>
        Server.Given.AccountAsync(username, account => (account.Email, account.EmailVerified) = (Email, true));

    private Task<ResetLink> LinkRowAsync() => Server.InDatabaseAsync(db => db.ResetLinks.AsNoTracking().SingleAsync());

    private Task<int> ChangeAsync(
        GivenAccount person,
        Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<Account>> set
    ) => Server.InDatabaseAsync(db => db.Accounts.Where(a => a.Id == person.Id).ExecuteUpdateAsync(set));
}
