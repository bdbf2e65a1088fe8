using System.Net;
using AuthServer.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Requests;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Who asks for forgotten details gets one answer on the screen, and the right one by mail.</summary>
public abstract class ForgottenDetailsContract : StorageContract
{
    private Forgotten Forgotten => new(Server);

    [Fact]
    public async Task One_mail_has_every_username_of_the_address_with_a_link_each()
    {
        await PersonAsync("O\u2019Brien4821", "anna.o'brien@example.org");
        await PersonAsync("o'brien-supervisor", "anna.o'brien@example.org");
        await PersonAsync("smith1234", "smith@example.org");

        await Forgotten.AskAsync("Anna.O\u2019Brien@example.org ");
        await Forgotten.AnsweredAsync();
        var links = await Forgotten.NewestLinksAsync("anna.o'brien@example.org");

        var mail = Assert.Single(await Forgotten.MailsAsync("anna.o'brien@example.org"));
        Assert.Equal(2, links.Distinct().Count());
        Assert.Contains("O\u2019Brien4821", mail.Text, StringComparison.Ordinal);
        Assert.Contains("o'brien-supervisor", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("smith1234", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Chrome on Linux", mail.Text, StringComparison.Ordinal);
        Assert.Contains("31 January 2026 at 9:00am", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing has changed yet", mail.Text, StringComparison.Ordinal);
        Assert.Empty(await Forgotten.KindsAsync("smith@example.org"));
    }

    [Theory]
    [InlineData("smi\u00ADth@example.org")]
    [InlineData("\u200BSMITH@example.org\r\n")]
    public async Task What_leaves_no_mark_does_not_matter(string typed)
    {
        await PersonAsync("smith1234", "smith@example.org");

        var page = await Forgotten.AskAsync(typed);
        await Forgotten.AnsweredAsync();

        Assert.Equal("Check your email", page.Heading);
        Assert.Single(await Forgotten.NewestLinksAsync("smith@example.org"));
    }

    [Theory]
    [InlineData("<smith@b\u00FCcher.example>")]
    [InlineData("mailto:smith@xn--bcher-kva.example")]
    [InlineData("Anna Smith <smith@xn--bcher-kva.example>")]
    [InlineData("smith@b\u00FCcher.example.")]
    public async Task The_address_that_is_meant_gets_the_mail(string typed)
    {
        await PersonAsync("smith1234", "smith@b\u00FCcher.example");

        await Forgotten.AskAsync(typed);
        await Forgotten.AnsweredAsync();

        Assert.Equal(["Reminder"], await Forgotten.KindsAsync("smith@b\u00FCcher.example"));
        Assert.Equal(1, await Server.InDatabaseAsync(db => db.Outbox.CountAsync()));
    }

    [Fact]
    public async Task An_address_spelled_otherwise_reminds_the_address_that_is_held_and_tells_the_one_that_was_typed()
    {
        await PersonAsync("smith1234", "anna.o'brien@example.org");

        await Forgotten.AskAsync("annaobrien@example.org");
        await Forgotten.AnsweredAsync();

        Assert.Single(await Forgotten.NewestLinksAsync("anna.o'brien@example.org"));
        Assert.Equal(["UnknownAddress"], await Forgotten.KindsAsync("annaobrien@example.org"));
    }

    [Theory]
    [InlineData("obrien4821")]
    [InlineData("username: O\u2019Brien4821.")]
    public async Task A_username_is_found_by_what_matters(string typed)
    {
        await PersonAsync("o'brien4821", "anna@example.org");

        await Forgotten.AskByUsernameAsync(typed);
        await Forgotten.AnsweredAsync();

        Assert.Single(await Forgotten.NewestLinksAsync("anna@example.org"));
    }

    [Fact]
    public async Task Everybody_is_shown_the_same_page()
    {
        await PersonAsync("smith1234", "smith@example.org");
        await PersonAsync("jones1234", "jones@example.org", a => a.Disabled = true);
        await PersonAsync("brown1234", "brown@example.org", a => a.EmailVerified = false);

        Page[] pages =
        [
            await Forgotten.AskAsync("smith@example.org"),
            await Forgotten.AskAsync("jones@example.org"),
            await Forgotten.AskAsync("brown@example.org"),
            await Forgotten.AskAsync("nobody@example.org"),
            await Forgotten.AskByUsernameAsync("smith1234"),
            await Forgotten.AskByUsernameAsync("jones1234"),
            await Forgotten.AskByUsernameAsync("brown1234"),
            await Forgotten.AskByUsernameAsync("nobody1234"),
        ];

        Assert.All(
            pages,
            page =>
                Assert.Equal((HttpStatusCode.OK, "/forgotten-login-details/sent"), (page.Status, page.Url.AbsolutePath))
        );
        Assert.Single(pages[..4].Select(WithoutWhatWasTyped).Distinct());
        Assert.Single(pages[4..].Select(WithoutWhatWasTyped).Distinct());
        Assert.Equal("Check your email", pages[0].Heading);
    }

    [Fact]
    public async Task An_address_that_nobody_uses_is_told_so_three_times_a_day()
    {
        for (var i = 0; i < 5; i++)
        {
            await Forgotten.AskAsync("nobody@example.org");
            await Forgotten.AnsweredAsync();
            Server.Clock.Advance(TimeSpan.FromHours(2));
        }

        Assert.Equal(Enumerable.Repeat("UnknownAddress", 3), await Forgotten.KindsAsync("nobody@example.org"));
        Server.Clock.Advance(TimeSpan.FromDays(1));
        await Forgotten.AskAsync("Nobody@example.org");
        await Forgotten.AnsweredAsync();

        Assert.Equal(4, (await Forgotten.KindsAsync("nobody@example.org")).Count);
        Assert.All(
            await Forgotten.MailsAsync("nobody@example.org"),
            mail => Assert.DoesNotContain("/reset-password/", mail.Text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_disabled_account_is_told_to_contact_support_and_gets_no_link()
    {
        var person = await PersonAsync("smith1234", "smith@example.org", a => a.Disabled = true);

        var links = await Forgotten.LinksAsync("smith@example.org");

        Assert.Empty(links);
        Assert.Equal(["DisabledAccount"], await Forgotten.KindsAsync("smith@example.org"));
        Assert.False(await Server.InDatabaseAsync(db => db.ResetLinks.AnyAsync(l => l.AccountId == person.Id)));
    }

    [Fact]
    public async Task When_all_accounts_of_an_address_are_disabled_all_are_named()
    {
        await PersonAsync("smith1234", "smith@example.org", a => a.Disabled = true);
        await PersonAsync("smith-old", "smith@example.org", a => a.Disabled = true);

        await Forgotten.AskAsync("smith@example.org");
        await Forgotten.AnsweredAsync();

        var mail = Assert.Single(await Forgotten.MailsAsync("smith@example.org"));
        Assert.Equal("Your accounts are locked", mail.Subject);
        Assert.Contains("Your username: smith1234\nYour username: smith-old\n", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_has_had_its_links_is_named_beside_one_that_has_not()
    {
        await PersonAsync("smith1234", "smith@example.org");
        for (var i = 0; i < 3; i++)
        {
            await Forgotten.LinkAsync("smith@example.org");
            Server.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await PersonAsync("smith-supervisor", "smith@example.org");
        await Forgotten.AskAsync("smith@example.org");
        await Forgotten.AnsweredAsync();

        var mail = (await Forgotten.MailsAsync("smith@example.org"))[^1];
        Assert.Single(mail.Links, link => link.Contains("/reset-password/", StringComparison.Ordinal));
        Assert.Contains(
            "Username: smith1234\n\nWe have sent several links for this account in the last hour.",
            mail.Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_person_who_has_no_password_yet_is_told_of_none()
    {
        await PersonAsync("smith1234", "smith@example.org", a => a.PasswordHash = null);

        await Forgotten.LinkAsync("smith@example.org");

        var mail = Assert.Single(await Forgotten.MailsAsync("smith@example.org"));
        Assert.Contains(
            "This account has no password yet. Choose one, and you can log in.",
            mail.Text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("your present password", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_an_account_that_works_a_disabled_one_is_named_without_a_link()
    {
        await PersonAsync("smith1234", "smith@example.org");
        await PersonAsync("smith-old", "smith@example.org", a => a.Disabled = true);

        var links = await Forgotten.LinksAsync("smith@example.org");

        var mail = Assert.Single(await Forgotten.MailsAsync("smith@example.org"));
        Assert.Single(links);
        Assert.Contains("smith1234", mail.Text, StringComparison.Ordinal);
        Assert.Contains("smith-old", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("o'brien4821")]
    [InlineData("O\u2019BRIEN4821")]
    public async Task A_username_leads_to_the_address_that_is_held(string typed)
    {
        await PersonAsync("O\u2019Brien4821", "Anna@Example.org");

        await Forgotten.AskByUsernameAsync(typed);
        await Forgotten.AnsweredAsync();

        Assert.Single(await Forgotten.NewestLinksAsync("Anna@Example.org"));
    }

    [Fact]
    public async Task An_address_in_the_box_for_usernames_is_understood_even_when_accounts_share_it()
    {
        await PersonAsync("smith1234", "smith@example.org");
        await PersonAsync("smith-supervisor", "smith@example.org");

        await Forgotten.AskByUsernameAsync("smith@example.org");
        await Forgotten.AnsweredAsync();

        Assert.Equal(2, (await Forgotten.NewestLinksAsync("smith@example.org")).Count);
    }

    [Fact]
    public async Task An_address_that_was_never_proved_gets_no_link_to_the_account()
    {
        var person = await PersonAsync("smith1234", "smith@example.org", a => a.EmailVerified = false);

        await Forgotten.AskAsync("smith@example.org");
        await Forgotten.AskByUsernameAsync("smith1234");
        await Forgotten.AnsweredAsync();

        Assert.Equal(["UnconfirmedAddress"], await Forgotten.KindsAsync("smith@example.org"));
        var mail = Assert.Single(await Forgotten.MailsAsync("smith@example.org"));
        Assert.Contains("has not been confirmed", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("smith1234", mail.Text, StringComparison.Ordinal);
        Assert.False(await Server.InDatabaseAsync(db => db.ResetLinks.AnyAsync(l => l.AccountId == person.Id)));
        Assert.Equal(
            [RequestOutcome.NoAddress, RequestOutcome.Unconfirmed],
            await Server.InDatabaseAsync(db =>
                db.RecoveryRequests.OrderBy(r => r.Outcome).Select(r => r.Outcome).ToListAsync()
            )
        );
    }

    [Fact]
    public async Task An_account_is_sent_three_links_an_hour()
    {
        var person = await PersonAsync("smith1234", "smith@example.org");
        for (var i = 0; i < 5; i++)
        {
            await Forgotten.AskAsync("smith@example.org");
            await Forgotten.AnsweredAsync();
            Server.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(3, (await Forgotten.KindsAsync("smith@example.org")).Count);
        Server.Clock.Advance(TimeSpan.FromHours(1));
        await Forgotten.AskAsync("smith@example.org");
        await Forgotten.AnsweredAsync();

        Assert.Equal(4, (await Forgotten.KindsAsync("smith@example.org")).Count);
        Assert.Equal(
            4,
            await Server.InDatabaseAsync(db =>
                db.AuditEvents.CountAsync(e => e.AccountId == person.Id && e.Kind == "recovery.link-sent")
            )
        );
    }

    [Fact]
    public async Task Nothing_that_was_typed_is_kept_once_it_is_answered_and_none_of_it_is_logged()
    {
        await PersonAsync("smith1234", "smith@example.org");

        await Forgotten.AskAsync("smith@example.org");
        await Forgotten.AskAsync("nobody@example.org");
        await Forgotten.AskByUsernameAsync("smith1234");
        await Forgotten.AnsweredAsync();

        Assert.All(
            await Server.InDatabaseAsync(db => db.RecoveryRequests.AsNoTracking().ToListAsync()),
            request => Assert.Null(request.Typed)
        );
        foreach (var typed in new[] { "smith@", "nobody@", "smith1234" })
        {
            Assert.DoesNotContain(typed, Server.Log.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("smith1234")]
    [InlineData("smith@")]
    [InlineData("smith@example.org\r\nBcc: everybody@example.org")]
    [InlineData("Smith <smith@example>")]
    public async Task What_cannot_be_an_address_is_not_asked_for(string typed)
    {
        var page = await Forgotten.AskAsync(typed);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.StartsWith("Error: ", page.Document.Title, StringComparison.Ordinal);
        Assert.Equal("#Email", page.One(".nhsuk-error-summary a").GetAttribute("href"));
        Assert.False(await Server.InDatabaseAsync(db => db.RecoveryRequests.AnyAsync()));
    }

    [Fact]
    public async Task A_link_sent_is_in_the_audit_trail_by_id_alone()
    {
        var person = await PersonAsync("smith1234", "smith@example.org");

        await Forgotten.LinkAsync("smith@example.org");

        var sent = await Server.InDatabaseAsync(db =>
            db.AuditEvents.AsNoTracking().SingleAsync(e => e.Kind == "recovery.link-sent")
        );
        Assert.Equal((person.Id, null, "purpose=reset"), (sent.AccountId, sent.Actor, sent.Detail));
        Assert.DoesNotContain(
            AuditKinds.PasswordChanged,
            await Server.InDatabaseAsync(db => db.AuditEvents.Select(e => e.Kind).ToListAsync())
        );
    }

    private Task<GivenAccount> PersonAsync(
        string username,
        string email,
        Action<AuthServer.Accounts.Account>? more = null
    ) =>
        Server.Given.AccountAsync(
            username,
            account =>
            {
                (account.Email, account.EmailVerified) = (email, true);
                more?.Invoke(account);
            }
        );

    private static string WithoutWhatWasTyped(Page page) =>
        page.Text.Replace(page.One("main .typed").TextContent, "", StringComparison.Ordinal);
}
