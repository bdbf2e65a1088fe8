using System.Net;
using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Recovery.Cases.Release;
using Recovery.Ports;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Somebody reads the notice when the waiting time is over, and it was not them.</summary>
public abstract class DeskAlarmsContract : StorageContract
{
    private const string Held = "held@example.test";

    [Fact]
    public async Task A_stop_after_the_link_went_out_kills_it_and_gives_the_account_its_old_address_back()
    {
        var approver = await Server.Given.AccountAsync(more: account =>
            (account.Email, account.EmailVerified) = ("officer@example.test", true)
        );
        var (person, account) = await ReleasedAsync(approver.Id);
        var reset = await Server.PathInMailAsync(person.Email, "/reset-password/");
        var form = (await person.Browser.GetAsync(reset)).Ok();

        var (looked, stopped) = await StopAsync();
        var spent = await person.Browser.SubmitAsync(
            form,
            new Dictionary<string, string> { ["NewPassword"] = Forgotten.NewPassword },
            "main form"
        );

        Assert.Contains("The link to choose a new password was sent there", looked.Text, StringComparison.Ordinal);
        Assert.Equal("Stopped", stopped.Heading);
        Assert.Contains("It does not work any more", stopped.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Gone, "This link does not work any more"), (spent.Status, spent.Heading));
        Assert.Contains("stopped on", spent.Text, StringComparison.Ordinal);
        Assert.Equal(
            (CaseState.Stopped, Server.Now),
            ((await person.CaseAsync()).State, (await person.CaseAsync()).AlarmAt)
        );
        Assert.Equal((Held, true), await AddressAsync(account.Id));
        Assert.Equal([Held], await LogInAddressesAsync(account.Id));
        Assert.Single(
            await Server.Mailbox.AllAsync(person.Email),
            mail => mail.Subject.Contains("was stopped", StringComparison.Ordinal)
        );
        Assert.Contains(
            "The link is dead",
            (await Server.Mailbox.WaitForAsync("officer@example.test")).Text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            await Server.AuditAsync((await person.CaseAsync()).Id),
            e => e.Kind == RecoveryAuditKinds.CaseStoppedLate
        );
    }

    [Fact]
    public async Task The_address_that_was_taken_back_gets_no_link_and_counts_for_nothing_in_the_next_claim()
    {
        var (person, account) = await ReleasedAsync();
        var forgotten = new Forgotten(Server);
        await forgotten.LinkAsync(person.Email); // the claimant asks for a fresh one
        await StopAsync();
        await forgotten.AskAsync(person.Email);
        await forgotten.AnsweredAsync();

        Assert.Empty(await forgotten.NewestLinksAsync(person.Email));
        Assert.Contains(nameof(RecoveryMessage.UnknownAddress), await forgotten.KindsAsync(person.Email));
        Assert.Equal("held@example.test", (await forgotten.LinksAsync(Held)) is [_] ? Held : "no link");
        Assert.DoesNotContain(
            person.Email,
            await Server.InDatabaseAsync(db =>
                db.PreviousEmails.Where(e => e.AccountId == account.Id).Select(e => e.Email).ToListAsync()
            )
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_account_that_had_no_address_or_whose_address_is_somebody_elses_username_by_now_is_left_with_none(
        bool taken
    )
    {
        var (person, account) = await ReleasedAsync(held: taken ? Held : null);
        if (taken)
        {
            await Server.Given.AccountAsync(Held, other => other.Email = Held);
        }

        var (_, stopped) = await StopAsync("first@royal.example.test");

        Assert.Equal("Stopped", stopped.Heading);
        Assert.Equal(CaseState.Stopped, (await person.CaseAsync()).State);
        Assert.Equal(((string?)null, false), await AddressAsync(account.Id));
    }

    [Fact]
    public async Task After_a_password_was_chosen_the_page_says_what_to_do_and_the_desk_has_an_alarm_until_somebody_looks_into_it()
    {
        var (person, account) = await ReleasedAsync();
        await new Forgotten(Server).ChooseAsync(await Server.PathInMailAsync(person.Email, "/reset-password/"));
        using var intruder = await Server.Given.LoggedInAsync(account with { Password = Forgotten.NewPassword });
        await Server.MailSettledAsync();
        Server.Clock.Advance(TimeSpan.FromMinutes(5));
        var told = await Server.Mailbox.AllAsync("second@college.example.test");
        var (_, officer) = await Server.OfficerAsync();
        using var closing = officer;
        var support = await person.CaseAsync();

        var (_, late) = await StopAsync();
        var list = (await officer.GetAsync("/support")).Ok();
        var alarms = (await officer.GetAsync("/support?state=alarm")).Ok();
        var page = (await officer.GetAsync($"/support/cases/{support.Reference}")).Ok();
        var silent = await officer.KeepAsync(support, "Settle");
        var locked = await officer.FollowAsync(await officer.KeepAsync(support, "Lock"));
        var settled = await officer.FollowAsync(
            await officer.KeepAsync(
                support,
                "Settle",
                new Dictionary<string, string> { ["Found"] = "Rang her: it was her old registrar" }
            )
        );

        // Every held address heard of it.
        Assert.Contains(told, mail => mail.Subject.Contains("password", StringComparison.Ordinal));
        Assert.Equal("It is too late to stop this here", late.Ok().Heading);
        Assert.Contains(support.Reference, late.Text, StringComparison.Ordinal);
        Assert.Single(late.All("main ol a[href='/help/contact-support']"));
        Assert.Single(late.All("main ol a[href='/forgotten-login-details']"));
        Assert.Contains("1 alarm", list.Text, StringComparison.Ordinal);
        Assert.Equal([support.Reference], alarms.All("tbody .reference").Select(cell => cell.TextContent.Trim()));
        Assert.Contains("New password chosen with the link", page.Text, StringComparison.Ordinal);
        Assert.StartsWith("Error: ", silent.Document.Title, StringComparison.Ordinal);
        Assert.Contains("You have locked the account", locked.Text, StringComparison.Ordinal);
        Assert.Equal("/log-in", (await intruder.GetAsync("/account")).Location?.AbsolutePath);
        Assert.Contains("You have settled the alarm", settled.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("1 alarm", (await officer.GetAsync("/support")).Text, StringComparison.Ordinal);
        Assert.True(
            await Server.InDatabaseAsync(db =>
                db.Accounts.Where(a => a.Id == account.Id).Select(a => a.Disabled).SingleAsync()
            )
        );
        var audited = (await Server.AuditAsync(support.Id)).Select(e => e.Kind).ToList();
        Assert.Contains(RecoveryAuditKinds.CaseAlarm, audited);
        Assert.Contains(RecoveryAuditKinds.CaseAlarmSettled, audited);
        Assert.Equal(CaseState.Released, (await person.CaseAsync()).State);
        Assert.Equal(person.Email, (await AddressAsync(account.Id)).Email); // only people can tell who is who
    }

    [Fact]
    public async Task Nobody_locks_an_account_without_an_alarm()
    {
        var (person, account) = await ReleasedAsync();
        var support = await person.CaseAsync();
        var (_, officer) = await Server.OfficerAsync();
        using var closing = officer;

        var answer = await officer.ForgeAsync($"/support/cases/{support.Reference}?handler=Lock");

        Assert.Equal("?done=overtaken", answer.Location?.Query);
        Assert.False(
            await Server.InDatabaseAsync(db =>
                db.Accounts.Where(a => a.Id == account.Id).Select(a => a.Disabled).SingleAsync()
            )
        );
    }

    [Fact]
    public async Task Of_late_stops_and_new_passwords_at_the_same_time_one_kind_happens_and_nothing_is_half_done()
    {
        for (var round = 0; round < 6; round++)
        {
            var held = $"held{round}@example.test";
            var (person, account) = await ReleasedAsync(held: held);
            var stop = (await Server.PathInMailAsync(held, CasePaths.Stop + "/")).Split('/')[^1];
            var reset = await Server.PathInMailAsync(person.Email, "/reset-password/");
            var id = (await person.CaseAsync()).Id;
            Server.Clock.Advance(TimeSpan.FromSeconds(1));

            var form = (await person.Browser.GetAsync(reset)).Ok();
            var chosen = Task.Run(() =>
                person.Browser.SubmitAsync(
                    form,
                    new Dictionary<string, string> { ["NewPassword"] = Forgotten.NewPassword },
                    "main form"
                )
            );
            await Task.Delay(round * 40); // before, while and after the password is hashed
            var stops = Enumerable
                .Range(0, 6)
                .Select(_ =>
                    Task.Run(() =>
                        Server.InScopeAsync(services =>
                            services.GetRequiredService<StopCase>().StopAsync(stop, CancellationToken.None)
                        )
                    )
                );
            await Task.WhenAll(stops.Select(task => (Task)task).Append(chosen));

            var won = (await chosen).Status == HttpStatusCode.SeeOther;
            var history = await Server.InDatabaseAsync(db =>
                db.CaseEntries.Where(e => e.CaseId == id).Select(e => e.Kind).ToListAsync()
            );
            Assert.Equal(won ? CaseState.Released : CaseState.Stopped, (await person.CaseAsync()).State);
            Assert.Equal((won ? person.Email : held, true), await AddressAsync(account.Id));
            Assert.Single(history, won ? CaseEntryKind.Alarm : CaseEntryKind.StoppedLate);
            Assert.Equal(won, history.Contains(CaseEntryKind.PasswordChosen));
            Assert.Equal(
                won,
                await Server.InDatabaseAsync(db =>
                    db.Accounts.AnyAsync(a => a.Id == account.Id && a.PasswordChangedAt != null)
                )
            );
            person.Dispose();
        }
    }

    private async Task<(Claimant Person, GivenAccount Account)> ReleasedAsync(
        Guid? approver = null,
        string? held = Held
    )
    {
        var (person, account) = await Server.ApprovedCaseAsync(approver, held);
        Server.Clock.Advance(TimeSpan.FromHours(24));
        await Server.ReleaseDueAsync();
        Assert.Equal(CaseState.Released, (await person.CaseAsync()).State);
        await Server.MailSettledAsync(); // a sender that the clock runs away from would begin again
        Server.Clock.Advance(TimeSpan.FromMinutes(5));
        return (person, account);
    }

    /// <summary>Opens the link in the notice, and presses the button.</summary>
    private async Task<(Page Looked, Page Stopped)> StopAsync(string told = Held)
    {
        using var holder = Server.NewBrowser();
        var page = (await holder.GetAsync(await Server.PathInMailAsync(told, CasePaths.Stop + "/"))).Ok();
        return (page, await holder.SubmitAsync(page));
    }

    private Task<(string? Email, bool Verified)> AddressAsync(Guid accountId) =>
        Server.InDatabaseAsync(async db =>
        {
            var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == accountId);
            return (account.Email, account.EmailVerified);
        });

    private Task<List<string>> LogInAddressesAsync(Guid accountId) =>
        Server.InDatabaseAsync(db =>
            db.AccountIdentifiers.Where(i => i.AccountId == accountId && i.Kind == IdentifierKind.Email)
                .Select(i => i.Normalized)
                .ToListAsync()
        );
}
