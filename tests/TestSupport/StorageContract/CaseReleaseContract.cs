using AuthServer.Accounts;
using AuthServer.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Recovery.Cases.Release;
using Recovery.Ports;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>What happens to a case that is open: questions, the waiting time, the stop, the release.</summary>
public abstract class CaseReleaseContract : StorageContract
{
    [Fact]
    public async Task Every_address_that_was_ever_held_is_told_once_and_the_new_one_hears_when()
    {
        var (person, account) = await Server.ApprovedCaseAsync();

        Assert.Equal(
            ["first@royal.example.test", "held@example.test", "second@college.example.test"],
            await ToldAsync(nameof(RecoveryMessage.AccessWillBeRestored))
        );
        Assert.Equal([person.Email], await ToldAsync(nameof(RecoveryMessage.CaseApproved)));
        var stored = await person.CaseAsync();
        Assert.Equal(Server.Now + TimeSpan.FromHours(24), stored.ReleaseAt);
        Assert.Contains(RecoveryAuditKinds.CaseWaiting, await AuditedAsync(account.Id));
        var status = (await person.Browser.GetAsync(await person.LinkAsync(CasePaths.Status))).Ok();
        Assert.Contains("1 February 2026 at 9:00am", status.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anybody_at_a_held_address_stops_it_with_one_click_and_everybody_concerned_hears_of_it()
    {
        var approver = await Server.Given.AccountAsync(more: account =>
            (account.Email, account.EmailVerified) = ("officer@example.test", true)
        );
        var (person, account) = await Server.ApprovedCaseAsync(approver.Id);
        var link = await Server.PathInMailAsync("first@royal.example.test", CasePaths.Stop + "/");
        using var holder = Server.NewBrowser();
        var page = (await holder.GetAsync(link)).Ok();
        Assert.Equal(CaseState.Approved, (await person.CaseAsync()).State); // looking stopped nothing

        var stopped = (await holder.SubmitAsync(page)).Ok();
        Server.Clock.Advance(TimeSpan.FromHours(25));

        Assert.Equal("Stopped", stopped.Heading);
        await Server.ReleaseDueAsync();
        Assert.Equal(CaseState.Stopped, (await person.CaseAsync()).State);
        Assert.Equal([person.Email], await ToldAsync(nameof(RecoveryMessage.CaseStopped)));
        Assert.Equal(["officer@example.test"], await ToldAsync(nameof(RecoveryMessage.CaseStoppedForStaff)));
        Assert.Contains(RecoveryAuditKinds.CaseStopped, await AuditedAsync(account.Id));
        Assert.Contains(
            "Stopped",
            (await person.Browser.GetAsync(await person.LinkAsync(CasePaths.Status))).Text,
            StringComparison.Ordinal
        );
        Assert.Equal("Stopped", (await holder.GetAsync(link)).Heading); // and says so to who looks again
    }

    [Fact]
    public async Task When_nobody_stopped_it_the_proved_address_becomes_the_accounts_and_gets_the_link()
    {
        var (person, account) = await Server.ApprovedCaseAsync();
        Server.Clock.Advance(TimeSpan.FromHours(23.9));
        await Server.ReleaseDueAsync();
        Assert.Equal(CaseState.Approved, (await person.CaseAsync()).State);
        Server.Clock.Advance(TimeSpan.FromHours(0.1));

        await Server.ReleaseDueAsync();

        Assert.Equal(CaseState.Released, (await person.CaseAsync()).State);
        var stored = await Server.InDatabaseAsync(db =>
            db.Accounts.AsNoTracking().SingleAsync(a => a.Id == account.Id)
        );
        Assert.Equal((person.Email, true), (stored.Email, stored.EmailVerified));
        Assert.Contains(
            "held@example.test",
            await Server.InDatabaseAsync(db =>
                db.PreviousEmails.Where(e => e.AccountId == account.Id).Select(e => e.Email).ToListAsync()
            )
        );
        var keys = await Server.InDatabaseAsync(db =>
            db.AccountIdentifiers.Where(i => i.AccountId == account.Id).Select(i => i.Normalized).ToListAsync()
        );
        Assert.Contains(Identifier.Normalize(person.Email), keys);
        Assert.DoesNotContain("held@example.test", keys);
        Assert.Equal([person.Email], await ToldAsync(nameof(RecoveryMessage.AccessRestored)));
        Assert.Superset(
            new HashSet<string> { RecoveryAuditKinds.CaseReleased, AuditKinds.EmailChanged },
            (await AuditedAsync(account.Id)).ToHashSet()
        );

        // The last page of all: a new password, with which the person logs in.
        var choose = (
            await person.Browser.OpenAsync(await Server.PathInMailAsync(person.Email, "/reset-password/"))
        ).Ok();
        await person.Browser.FollowAsync(
            await person.Browser.SubmitAsync(
                choose,
                new Dictionary<string, string> { ["NewPassword"] = "the canal froze in march" }
            )
        );
        // Choosing it has logged them in.
        Assert.Equal("Your account", (await person.Browser.OpenAsync("/account")).Heading);
        using var another = Server.NewBrowser();
        var home = await another.LogInAsync(
            await another.OpenAsync("/log-in"),
            account.Username,
            "the canal froze in march"
        );
        Assert.Equal("Your account", home.Heading);
    }

    [Fact]
    public async Task Of_many_stops_and_releases_at_the_same_time_one_of_each_counts_and_the_stop_has_the_last_word()
    {
        for (var round = 0; round < 5; round++)
        {
            var (person, account) = await Server.ApprovedCaseAsync(held: $"held{round}@example.test");
            var link = await Server.PathInMailAsync($"held{round}@example.test", CasePaths.Stop + "/");
            var token = link[(link.LastIndexOf('/') + 1)..];
            Server.Clock.Advance(TimeSpan.FromHours(24));
            var waiting = await person.CaseAsync();
            var (id, releaseAt) = (waiting.Id, Assert.NotNull(waiting.ReleaseAt));

            var stops = Enumerable
                .Range(0, 10)
                .Select(_ =>
                    Task.Run(() =>
                        Server.InScopeAsync(services =>
                            services.GetRequiredService<StopCase>().StopAsync(token, CancellationToken.None)
                        )
                    )
                );
            var releases = Enumerable
                .Range(0, 10)
                .Select(_ =>
                    Task.Run(() =>
                        Server.InScopeAsync(services =>
                            services
                                .GetRequiredService<ReleaseCase>()
                                .ReleaseAsync(id, releaseAt, CancellationToken.None)
                        )
                    )
                );
            await Task.WhenAll(stops.Select(stop => (Task)stop).Concat(releases));

            var history = await Server.InDatabaseAsync(db =>
                db.CaseEntries.Where(e =>
                        e.CaseId == id
                        && (
                            e.Kind == CaseEntryKind.Stopped
                            || e.Kind == CaseEntryKind.StoppedLate
                            || e.Kind == CaseEntryKind.Released
                        )
                    )
                    .Select(e => e.Kind)
                    .ToListAsync()
            );
            Assert.Single(history, kind => kind is CaseEntryKind.Stopped or CaseEntryKind.StoppedLate);
            Assert.Equal(
                history.Contains(CaseEntryKind.StoppedLate) ? 1 : 0,
                history.Count(kind => kind == CaseEntryKind.Released)
            );
            var email = await Server.InDatabaseAsync(db =>
                db.Accounts.Where(a => a.Id == account.Id).Select(a => a.Email).SingleAsync()
            );
            Assert.Equal((CaseState.Stopped, $"held{round}@example.test"), ((await person.CaseAsync()).State, email));
            person.Dispose();
        }
    }

    [Fact]
    public async Task A_case_whose_account_was_disabled_meanwhile_goes_back_to_the_desk()
    {
        var (person, account) = await Server.ApprovedCaseAsync();
        await Server.InDatabaseAsync(db =>
            db.Accounts.Where(a => a.Id == account.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.Disabled, true))
        );
        Server.Clock.Advance(TimeSpan.FromHours(24));

        await Server.ReleaseDueAsync();

        var stored = await person.CaseAsync();
        Assert.Equal(
            (CaseState.Open, null, null, null),
            (stored.State, stored.ReleaseAt, stored.ApprovedAt, stored.StopHash)
        );
        Assert.Contains("disabled", await LastWordsAsync(stored.Id), StringComparison.Ordinal);
        Assert.Equal(
            "held@example.test",
            await Server.InDatabaseAsync(db =>
                db.Accounts.Where(a => a.Id == account.Id).Select(a => a.Email).SingleAsync()
            )
        );
        Assert.Empty(await ToldAsync(nameof(RecoveryMessage.AccessRestored)));
    }

    [Fact]
    public async Task A_case_whose_address_became_somebody_elses_username_goes_back_to_the_desk_unchanged()
    {
        var (person, account) = await Server.ApprovedCaseAsync();
        await Server.Given.AccountAsync(person.Email, other => other.Email = person.Email);
        Server.Clock.Advance(TimeSpan.FromHours(24));

        await Server.ReleaseDueAsync();

        var stored = await person.CaseAsync();
        Assert.Equal(CaseState.Open, stored.State);
        Assert.Contains("another account's username", await LastWordsAsync(stored.Id), StringComparison.Ordinal);
        Assert.DoesNotContain(AuditKinds.EmailChanged, await AuditedAsync(account.Id));
    }

    [Fact]
    public async Task An_account_whose_username_is_its_old_address_keeps_it_when_the_address_changes()
    {
        var (person, account) = await Server.ApprovedCaseAsync(username: "held@example.test");
        Server.Clock.Advance(TimeSpan.FromHours(24));

        await Server.ReleaseDueAsync();

        Assert.Equal(
            [Identifier.Normalize(person.Email), "held@example.test"],
            (
                await Server.InDatabaseAsync(db =>
                    db.AccountIdentifiers.Where(i => i.AccountId == account.Id).Select(i => i.Normalized).ToListAsync()
                )
            ).OrderByDescending(key => key, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_question_is_answered_once_and_the_case_is_back_on_the_desk()
    {
        using var person = new Claimant(Server);
        await person.OpenCaseAsync();
        var id = (await person.CaseAsync()).Id;
        var link = await Server.AskAsync(id, "Who was your supervisor\nin 2023?");
        var browsers = Enumerable.Range(0, 20).Select(_ => Server.NewBrowser()).ToList();
        var pages = await Task.WhenAll(browsers.Select(browser => browser.GetAsync(link)));
        Server.Clock.Advance(TimeSpan.FromSeconds(1));

        var ends = await Task.WhenAll(
            browsers.Zip(
                pages,
                (browser, page) =>
                    browser.SubmitAsync(
                        page.Ok(),
                        new Dictionary<string, string> { ["Answer"] = "Dr Patel.\nShe is at the Royal." }
                    )
            )
        );

        Assert.Single(ends, end => end.Heading == "Your answer has been sent");
        Assert.All(
            ends.Where(end => end.Heading != "Your answer has been sent"),
            end => Assert.Equal("You have answered this question", end.Heading)
        );
        Assert.Equal(CaseState.Open, (await person.CaseAsync()).State);
        Assert.Equal("Dr Patel.\nShe is at the Royal.", await LastWordsAsync(id));
        Assert.Contains("Who was your supervisor", pages[0].Text, StringComparison.Ordinal);
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task An_empty_answer_is_asked_for_again()
    {
        using var person = new Claimant(Server);
        await person.OpenCaseAsync();
        var link = await Server.AskAsync((await person.CaseAsync()).Id, "Who?");

        var page = await person.Browser.SubmitAsync(
            (await person.Browser.GetAsync(link)).Ok(),
            new Dictionary<string, string> { ["Answer"] = " \r\n\u200b" }
        );

        Assert.Equal("Enter your answer", page.One(".nhsuk-error-summary a").TextContent);
        Assert.Equal(CaseState.MoreWanted, (await person.CaseAsync()).State);
    }

    [Fact]
    public async Task A_question_that_nobody_answers_closes_the_case_after_fourteen_days_and_the_person_hears_of_it()
    {
        using var person = new Claimant(Server);
        await person.OpenCaseAsync();
        var id = (await person.CaseAsync()).Id;
        var link = await Server.AskAsync(id, "Who?");
        Server.Clock.Advance(TimeSpan.FromDays(13.9));
        await Server.LapseAsync();
        Assert.Equal(CaseState.MoreWanted, (await person.CaseAsync()).State);
        Server.Clock.Advance(TimeSpan.FromDays(0.2));

        await Server.LapseAsync();

        Assert.Equal(CaseState.Lapsed, (await person.CaseAsync()).State);
        Assert.Equal([person.Email], await ToldAsync(nameof(RecoveryMessage.CaseLapsed)));
        Assert.Equal("It is too late to answer", (await person.Browser.GetAsync(link)).Heading);
    }

    private Task<List<string>> ToldAsync(string kind) =>
        Server.InDatabaseAsync(db =>
            db.Outbox.AsNoTracking().Where(m => m.Kind == kind).OrderBy(m => m.To).Select(m => m.To).ToListAsync()
        );

    private Task<List<string>> AuditedAsync(Guid accountId) =>
        Server.InDatabaseAsync(db =>
            db.AuditEvents.AsNoTracking().Where(e => e.AccountId == accountId).Select(e => e.Kind).ToListAsync()
        );

    private Task<string?> LastWordsAsync(Guid caseId) =>
        Server.InDatabaseAsync(db =>
            db.CaseEntries.AsNoTracking()
                .Where(e => e.CaseId == caseId)
                .OrderByDescending(e => e.At)
                .ThenByDescending(e => e.Id)
                .Select(e => e.Text)
                .FirstAsync()
        );
}
