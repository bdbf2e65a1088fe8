using AuthServer.Mail;
using Microsoft.EntityFrameworkCore;
using Recovery.Cases;
using Recovery.Ports;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>What nobody needs any more goes, what somebody may still ask for stays.</summary>
public abstract class CleanUpContract : CleanedRowsContract
{
    [Fact]
    public async Task Links_go_seven_days_after_they_were_used_replaced_or_expired_and_no_sooner()
    {
        var week = TimeSpan.FromDays(7);
        var minute = TimeSpan.FromMinutes(1);
        await AddAsync(
            Link("used", expires: Now, used: Now - week - minute),
            Link("replaced", expires: Now, voided: Now - week - minute),
            Link("expired", expires: Now - week - minute),
            Link("used-lately", expires: Now - week, used: Now - week + minute),
            Link("replaced-lately", expires: Now, voided: Now - week + minute),
            Link("expired-lately", expires: Now - week + minute),
            Link("alive", expires: Now + minute)
        );

        var report = await RunAsync();

        Assert.Equal(3, report.Removed["reset-links"]);
        Assert.Equal(
            ["alive", "expired-lately", "replaced-lately", "used-lately"],
            await Server.InDatabaseAsync(db =>
                db.ResetLinks.Select(link => link.SentTo).OrderBy(name => name).ToListAsync()
            )
        );
    }

    [Fact]
    public async Task Requests_go_seven_days_after_they_were_done_and_waiting_ones_never()
    {
        await AddAsync(
            Request(asked: Now.AddDays(-8), done: Now.AddDays(-7).AddMinutes(-1)),
            Request(asked: Now.AddDays(-8), done: Now.AddDays(-7).AddMinutes(1)),
            Request(asked: Now.AddDays(-100), done: null)
        );

        var report = await RunAsync();

        Assert.Equal(1, report.Removed["recovery-requests"]);
        Assert.Equal(2, await Server.InDatabaseAsync(db => db.RecoveryRequests.CountAsync()));
    }

    [Fact]
    public async Task Grants_go_a_day_after_they_expired_or_were_revoked()
    {
        var account = (await Server.Given.AccountAsync()).Id;
        await AddAsync(
            Grant(account, expires: Now.AddDays(-1).AddMinutes(-1)),
            Grant(account, expires: Now.AddDays(20), revoked: Now.AddDays(-1).AddMinutes(-1)),
            Grant(account, expires: Now.AddDays(-1).AddMinutes(1)),
            Grant(account, expires: Now.AddDays(20), revoked: Now.AddDays(-1).AddMinutes(1)),
            Grant(account, expires: Now.AddDays(20))
        );

        var report = await RunAsync();

        Assert.Equal((1, 1), (report.Removed["expired-grants"], report.Removed["revoked-grants"]));
        Assert.Equal(3, await Server.InDatabaseAsync(db => db.Authorizations.CountAsync()));
    }

    [Fact]
    public async Task Used_assertions_and_other_token_rows_go_a_day_after_they_expired()
    {
        await AddAsync(
            UsedAssertion(expires: Now.AddDays(-1).AddMinutes(-1)),
            UsedAssertion(expires: Now.AddDays(-1).AddMinutes(1)),
            UsedAssertion(expires: Now.AddMinutes(10))
        );

        var report = await RunAsync();

        Assert.Equal(1, report.Removed["expired-tokens"]);
        Assert.Equal(2, await Server.InDatabaseAsync(db => db.Tokens.CountAsync()));
    }

    [Fact]
    public async Task Sessions_go_thirty_days_after_their_end()
    {
        var account = (await Server.Given.AccountAsync()).Id;
        await AddAsync(
            Session(account, expires: Now.AddDays(-30).AddMinutes(-1)),
            Session(account, expires: Now.AddDays(-30).AddMinutes(1)),
            Session(account, expires: Now.AddHours(1))
        );

        var report = await RunAsync();

        Assert.Equal(1, report.Removed["sessions"]);
        Assert.Equal(2, await Server.InDatabaseAsync(db => db.Sessions.CountAsync()));
    }

    [Fact]
    public async Task Mail_goes_thirty_days_after_it_was_sent_and_mail_that_waits_never()
    {
        await AddAsync(
            Message(MailState.Accepted, settled: Now.AddDays(-30).AddMinutes(-1)),
            Message(MailState.Dead, settled: Now.AddDays(-30).AddMinutes(-1)),
            Message(MailState.Accepted, settled: Now.AddDays(-30).AddMinutes(1)),
            Message(MailState.Queued, settled: null),
            Message(MailState.Queued, settled: Now.AddDays(-31))
        ); // sent again by staff a moment ago

        var report = await RunAsync();

        Assert.Equal(2, report.Removed["mail"]);
        Assert.Equal(3, await Server.InDatabaseAsync(db => db.Outbox.CountAsync()));
        Assert.Equal(3, await Server.InDatabaseAsync(db => db.OutboxSubjects.CountAsync()));
    }

    [Fact]
    public async Task Counts_of_failed_log_ins_go_after_thirty_quiet_days_but_never_those_that_only_recovery_lifts()
    {
        await AddAsync(
            Count("quiet", 99, Now.AddDays(-30).AddMinutes(-1)),
            Count("stopped", 100, Now.AddDays(-300)),
            Count("lately", 1, Now.AddDays(-30).AddMinutes(1))
        );

        var report = await RunAsync();

        Assert.Equal(1, report.Removed["throttles"]);
        Assert.Equal(
            ["lately", "stopped"],
            await Server.InDatabaseAsync(db =>
                db.LogInThrottles.Select(count => count.Key).OrderBy(key => key).ToListAsync()
            )
        );
    }

    [Fact]
    public async Task Drafts_that_nobody_came_back_to_go_with_all_they_say()
    {
        await AddAsync(
            Case("DRAFTOLD", CaseState.Draft, changed: Now.AddDays(-7).AddMinutes(-1)),
            Case("LAPSEDOLD", CaseState.Lapsed, changed: Now.AddDays(-7).AddMinutes(-1)),
            Case("DRAFTNEW", CaseState.Draft, changed: Now.AddDays(-7).AddMinutes(1)),
            Case("OPENOLD", CaseState.Open, changed: Now.AddDays(-100), opened: Now.AddDays(-100))
        );

        var report = await RunAsync();

        Assert.Equal(2, report.Removed["case-drafts"]);
        Assert.Equal(
            ["DRAFTNEW", "OPENOLD"],
            await Server.InDatabaseAsync(db => db.SupportCases.Select(c => c.Reference).OrderBy(r => r).ToListAsync())
        );
    }

    [Fact]
    public async Task A_case_that_was_closed_a_year_ago_loses_its_evidence_and_keeps_its_steps()
    {
        var old = Case(
            "CLOSEDOLD",
            CaseState.Rejected,
            changed: Now.AddDays(-366),
            opened: Now.AddDays(-400),
            closed: Now.AddDays(-366)
        );
        var recent = Case(
            "CLOSEDNEW",
            CaseState.Rejected,
            changed: Now.AddDays(-364),
            opened: Now.AddDays(-400),
            closed: Now.AddDays(-364)
        );
        await AddAsync(old, recent, Note(old.Id), Note(recent.Id));

        var report = await RunAsync();
        var again = await RunAsync();

        Assert.Equal(1, report.Removed["case-evidence"]);
        Assert.Empty(again.Removed);
        var cases = await Server.InDatabaseAsync(db =>
            db.SupportCases.AsNoTracking().OrderByDescending(c => c.Reference).ToListAsync()
        );
        Assert.Equal([null, "anna@example.org"], cases.Select(c => c.NewEmail).Order());
        Assert.Equal(
            (null, null, null, Now),
            (cases[0].Evidence, cases[0].NewEmail, cases[0].Network, cases[0].EvidenceErasedAt)
        );
        Assert.Equal((CaseState.Rejected, "Siobhán"), (cases[0].State, cases[1].Evidence?.GivenName));
        var notes = await Server.InDatabaseAsync(db => db.CaseEntries.AsNoTracking().ToListAsync());
        Assert.Null(Assert.Single(notes, note => note.CaseId == old.Id).Text);
        Assert.NotNull(Assert.Single(notes, note => note.CaseId == recent.Id).Text);
        var events = await Server.InDatabaseAsync(db =>
            db.AuditEvents.Where(e => e.Kind == RecoveryAuditKinds.CaseEvidenceErased)
                .Select(e => e.Detail)
                .ToListAsync()
        );
        Assert.Equal([$"case={old.Id}"], events);
    }
}
