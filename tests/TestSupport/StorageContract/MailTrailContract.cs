using System.Net;
using AuthServer.Accounts;
using AuthServer.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Ports;
using Recovery.ResetLinks;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>What staff who are asked "where is my mail?" find out, and what they do not.</summary>
public abstract class MailTrailContract : StorageContract
{
    private const string Shared = "anna@example.org";

    private Forgotten Forgotten => new(Server);

    [Fact]
    public async Task A_reminder_is_in_the_trail_of_every_account_that_it_names_with_its_own_link()
    {
        var trainee = await PersonAsync("bell1234", Shared);
        var supervisor = await PersonAsync("bell-supervisor", Shared);
        var locked = await PersonAsync("bell-old", Shared, a => a.Disabled = true);
        var links = await Forgotten.LinksAsync(Shared);
        Server.Clock.Advance(TimeSpan.FromMinutes(4));
        await OpenAsync(links[1]);
        var opened = await OwnerAsync(links[1]);

        foreach (var person in new[] { trainee, supervisor, locked })
        {
            var message = Assert.Single(await TrailAsync(person.Id));
            var part = Assert.Single(message.About.Parts, part => part.AccountId == person.Id);
            Assert.Equal("Reminder", message.Kind);
            Assert.Equal(person == locked, part.LinkHash is null);
            Assert.Equal(person.Id == opened ? Server.Now : null, part.LinkOpenedAt);
        }
    }

    [Fact]
    public async Task That_a_link_was_opened_is_noted_the_first_time_and_of_a_dead_link_too()
    {
        var person = await PersonAsync("bell1234", Shared);
        var first = await Forgotten.LinkAsync(Shared);
        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await Forgotten.LinkAsync(Shared);
        var opened = Server.Now.AddMinutes(2);
        Server.Clock.Advance(TimeSpan.FromMinutes(2));
        await OpenAsync(second);
        Server.Clock.Advance(TimeSpan.FromHours(5));
        await OpenAsync(second, HttpStatusCode.Gone);
        await OpenAsync(first, HttpStatusCode.Gone);

        Assert.Equal(
            [opened, Server.Now],
            (await TrailAsync(person.Id)).Select(m => Assert.Single(m.About.Parts).LinkOpenedAt)
        );
    }

    [Fact]
    public async Task Staff_see_what_became_of_a_persons_mail_and_of_its_links()
    {
        var person = await PersonAsync("bell1234", Shared);
        var first = await Forgotten.LinkAsync(Shared);
        await OpenAsync(first);
        Server.Clock.Advance(TimeSpan.FromMinutes(2));
        await Forgotten.LinkAsync(Shared);
        Server.Clock.Advance(TimeSpan.FromMinutes(61));
        var (officer, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = (await browser.GetAsync("/support/mail/person?find=Anna@Example.org")).Ok();

        var rows = page.All("tbody tr").Select(row => Html.Text(row)).ToList();
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.Contains(Shared, row, StringComparison.Ordinal));
        Assert.Contains("Link expired on 31 January 2026 at 10:02am", rows[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Link opened", rows[0], StringComparison.Ordinal);
        Assert.Contains("Link opened on 31 January 2026 at 9:00am", rows[1], StringComparison.Ordinal);
        Assert.Contains("Link replaced by a newer one on 31 January 2026 at 9:02am", rows[1], StringComparison.Ordinal);
        Assert.Contains("or by a program that checks links in email", page.Text, StringComparison.Ordinal);
        Assert.Contains(
            "using Chrome on Linux: we sent the usernames, with links",
            page.Text,
            StringComparison.Ordinal
        );
        Assert.Equal(
            [(person.Id, officer.Id.ToString())],
            await Server.InDatabaseAsync(async db =>
                (await db.AuditEvents.Where(e => e.Kind == RecoveryAuditKinds.MailViewed).ToListAsync())
                    .Select(e => (e.AccountId!.Value, e.Actor!))
                    .ToList()
            )
        );
    }

    [Fact]
    public async Task An_address_that_the_officer_did_not_enter_is_not_shown()
    {
        await PersonAsync("bell1234", Shared);
        await Forgotten.LinkAsync(Shared);
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = (await browser.GetAsync("/support/mail/person?find=bell1234")).Ok();

        Assert.Contains("Another address we hold", page.Text, StringComparison.Ordinal);
        Assert.Contains(
            "using Chrome on Linux: we sent the usernames, with links",
            page.Text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(Shared, page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_to_an_address_that_nobody_uses_and_requests_beyond_the_limits_are_found()
    {
        for (var i = 0; i < 4; i++)
        {
            await Forgotten.AskAsync("nobody@example.org");
            await Forgotten.AnsweredAsync();
        }

        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = (await browser.GetAsync("/support/mail/person?find=Nobody@example.org")).Ok();

        Assert.Equal(3, page.All("tbody tr").Count);
        Assert.Contains("No account has, or had, this username or email address", page.Text, StringComparison.Ordinal);
        Assert.Contains("we sent nothing: there had been too many requests", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_of_an_administrator_and_ones_own_is_not_for_support_staff()
    {
        var (_, browser) = await Server.OfficerAsync(email: "officer@example.org");
        using var closing = browser;
        await PersonAsync("root1234", "root@example.org", a => a.StaffRole = StaffRole.Administrator);
        await Forgotten.LinkAsync("root@example.org");
        await Forgotten.LinkAsync("officer@example.org");

        foreach (var find in new[] { "root1234", "root@example.org", "officer@example.org" })
        {
            var page = (await browser.GetAsync($"/support/mail/person?find={find}")).Ok();

            Assert.Equal("An account you cannot look at", page.One("h2.nhsuk-heading-m").TextContent);
            Assert.Empty(page.All("tbody tr"));
            Assert.DoesNotContain("Requests for forgotten", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_a_message_that_was_sent_again_the_link_belongs_to_the_second()
    {
        var person = await PersonAsync("bell1234", Shared);
        var link = await Forgotten.LinkAsync(Shared);
        var id = await Server.InDatabaseAsync(async db =>
        {
            var row = await db.Outbox.SingleAsync();
            (row.State, row.SealedBody) = (MailState.Refused, [1]);
            await db.SaveChangesAsync();
            return row.Id;
        });
        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await Server.InScopeAsync(services =>
            services.GetRequiredService<IRecoveryMessenger>().ResendAsync(id, CancellationToken.None)
        );

        await OpenAsync(link);

        Assert.Equal(
            [Server.Now, null],
            (await TrailAsync(person.Id)).Select(m => Assert.Single(m.About.Parts).LinkOpenedAt)
        );
    }

    private Task<GivenAccount> PersonAsync(string username, string email, Action<Account>? more = null) =>
        Server.Given.AccountAsync(
            username,
            account =>
            {
                (account.Email, account.EmailVerified) = (email, true);
                more?.Invoke(account);
            }
        );

    private Task<IReadOnlyList<MessageTrail>> TrailAsync(Guid accountId) =>
        Server.InScopeAsync(services =>
            services.GetRequiredService<IRecoveryMessenger>().TrailOfAccountAsync(accountId, CancellationToken.None)
        );

    private Task<Guid> OwnerAsync(string link)
    {
        var hash = ResetToken.HashOf(link.Split('/')[^1]);
        return Server.InDatabaseAsync(db =>
            db.ResetLinks.Where(l => l.TokenHash == hash).Select(l => l.AccountId).SingleAsync()
        );
    }

    private async Task OpenAsync(string link, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var browser = Server.NewBrowser();
        Assert.Equal(status, (await browser.GetAsync(link)).Status);
    }
}
