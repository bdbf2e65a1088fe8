using System.Diagnostics.Metrics;
using AuthServer.Accounts;
using AuthServer.Data;
using AuthServer.Mail;
using AuthServer.Protocol.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Recovery.CleanUp;
using Recovery.Ports;
using Recovery.Requests;
using Recovery.ResetLinks;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>What nobody needs any more goes, what somebody may still ask for stays.</summary>
public abstract class CleanUpContract : StorageContract
{
    private DateTimeOffset Now => Server.Now;

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
            Link("alive", expires: Now + minute));

        var report = await RunAsync();

        Assert.Equal(3, report.Removed["reset-links"]);
        Assert.Equal(
            ["alive", "expired-lately", "replaced-lately", "used-lately"],
            await Server.InDatabaseAsync(db => db.ResetLinks.Select(link => link.SentTo).OrderBy(name => name).ToListAsync()));
    }

    [Fact]
    public async Task Requests_go_seven_days_after_they_were_done_and_waiting_ones_never()
    {
        await AddAsync(
            Request(asked: Now.AddDays(-8), done: Now.AddDays(-7).AddMinutes(-1)),
            Request(asked: Now.AddDays(-8), done: Now.AddDays(-7).AddMinutes(1)),
            Request(asked: Now.AddDays(-100), done: null));

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
            Grant(account, expires: Now.AddDays(20)));

        var report = await RunAsync();

        Assert.Equal((1, 1), (report.Removed["expired-grants"], report.Removed["revoked-grants"]));
        Assert.Equal(3, await Server.InDatabaseAsync(db => db.Grants.CountAsync()));
    }

    [Fact]
    public async Task Sessions_go_thirty_days_after_their_end()
    {
        var account = (await Server.Given.AccountAsync()).Id;
        await AddAsync(
            Session(account, expires: Now.AddDays(-30).AddMinutes(-1)),
            Session(account, expires: Now.AddDays(-30).AddMinutes(1)),
            Session(account, expires: Now.AddHours(1)));

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
            Message(MailState.Queued, settled: Now.AddDays(-31))); // sent again by staff a moment ago

        var report = await RunAsync();

        Assert.Equal(2, report.Removed["mail"]);
        Assert.Equal(3, await Server.InDatabaseAsync(db => db.Outbox.CountAsync()));
    }

    [Fact]
    public async Task Counts_of_failed_log_ins_go_after_thirty_quiet_days_but_never_those_that_only_recovery_lifts()
    {
        await AddAsync(
            Count("quiet", 99, Now.AddDays(-30).AddMinutes(-1)),
            Count("stopped", 100, Now.AddDays(-300)),
            Count("lately", 1, Now.AddDays(-30).AddMinutes(1)));

        var report = await RunAsync();

        Assert.Equal(1, report.Removed["throttles"]);
        Assert.Equal(
            ["lately", "stopped"],
            await Server.InDatabaseAsync(db => db.LogInThrottles.Select(count => count.Key).OrderBy(key => key).ToListAsync()));
    }

    [Fact]
    public async Task Drafts_that_nobody_came_back_to_go_with_all_they_say()
    {
        await AddAsync(
            Case("DRAFTOLD", CaseState.Draft, changed: Now.AddDays(-7).AddMinutes(-1)),
            Case("LAPSEDOLD", CaseState.Lapsed, changed: Now.AddDays(-7).AddMinutes(-1)),
            Case("DRAFTNEW", CaseState.Draft, changed: Now.AddDays(-7).AddMinutes(1)),
            Case("OPENOLD", CaseState.Open, changed: Now.AddDays(-100), opened: Now.AddDays(-100)));

        var report = await RunAsync();

        Assert.Equal(2, report.Removed["case-drafts"]);
        Assert.Equal(
            ["DRAFTNEW", "OPENOLD"],
            await Server.InDatabaseAsync(db => db.SupportCases.Select(c => c.Reference).OrderBy(r => r).ToListAsync()));
    }

    [Fact]
    public async Task A_case_that_was_closed_a_year_ago_loses_its_evidence_and_keeps_its_steps()
    {
        var old = Case("CLOSEDOLD", CaseState.Rejected, changed: Now.AddDays(-366), opened: Now.AddDays(-400), closed: Now.AddDays(-366));
        var recent = Case("CLOSEDNEW", CaseState.Rejected, changed: Now.AddDays(-364), opened: Now.AddDays(-400), closed: Now.AddDays(-364));
        await AddAsync(old, recent, Note(old.Id), Note(recent.Id));

        var report = await RunAsync();
        var again = await RunAsync();

        Assert.Equal(1, report.Removed["case-evidence"]);
        Assert.Empty(again.Removed);
        var cases = await Server.InDatabaseAsync(db => db.SupportCases.AsNoTracking().OrderByDescending(c => c.Reference).ToListAsync());
        Assert.Equal([null, "anna@example.org"], cases.Select(c => c.NewEmail).Order());
        Assert.Equal((null, null, null, Now), (cases[0].Evidence, cases[0].NewEmail, cases[0].Network, cases[0].EvidenceErasedAt));
        Assert.Equal((CaseState.Rejected, "Siobhán"), (cases[0].State, cases[1].Evidence?.GivenName));
        var notes = await Server.InDatabaseAsync(db => db.CaseEntries.AsNoTracking().ToListAsync());
        Assert.Null(Assert.Single(notes, note => note.CaseId == old.Id).Text);
        Assert.NotNull(Assert.Single(notes, note => note.CaseId == recent.Id).Text);
        var events = await Server.InDatabaseAsync(db =>
            db.AuditEvents.Where(e => e.Kind == RecoveryAuditKinds.CaseEvidenceErased).Select(e => e.Detail).ToListAsync());
        Assert.Equal([$"case={old.Id}"], events);
    }

    [Fact]
    public async Task Ten_thousand_dead_rows_go_in_many_batches_of_one_run()
    {
        // All of one instant, as after an import: the instant alone does not say where a batch ended.
        await AddAsync([.. Enumerable.Range(0, 5_000).Select(i => Link($"{i}", expires: Now.AddDays(-8)))]);
        await AddAsync([.. Enumerable.Range(0, 5_000).Select(i => Link($"{i}", expires: Now.AddDays(-9).AddSeconds(i)))]);

        var report = await RunAsync();

        Assert.True(report.Finished);
        Assert.Equal(10_000, report.Removed["reset-links"]);
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.ResetLinks.CountAsync()));
    }

    [Fact]
    public async Task A_run_whose_time_is_up_leaves_the_rest_to_the_next_and_no_kind_waits_for_another()
    {
        await AddAsync([.. Enumerable.Range(0, 500).Select(i => Link($"{i}", expires: Now.AddDays(-8)))]);
        await AddAsync([.. Enumerable.Range(0, 3).Select(i => Count($"{i}", 1, Now.AddDays(-31)))]);
        await using var server = await AuthServerFixture.StartAsync(
            new FixedClock(),
            Server.Database,
            settings: new Dictionary<string, string?> { ["CleanUp:Share"] = "1" }, // nobody else is there to be left time to
            configure: builder => builder.Services.AddScoped<ICleanedRows, FourMinutes>());
        var run = server.Services.GetRequiredService<CleanUpRun>();

        var first = await run.RunAsync(CancellationToken.None);
        var left = await Server.InDatabaseAsync(db => db.ResetLinks.CountAsync());
        var second = await RunAsync();

        Assert.False(first.Finished); // the three turns of four minutes are more than ten
        Assert.Equal(3, first.Removed["throttles"]);
        Assert.InRange(left, 1, 499);
        Assert.Equal((500 - left, left), (first.Removed["reset-links"], second.Removed["reset-links"]));
        Assert.True(second.Finished);
    }

    [Fact]
    public async Task A_kind_that_cannot_be_cleaned_does_not_keep_the_others_from_it()
    {
        await AddAsync(Link("dead", expires: Now.AddDays(-8)));
        await using var server = await AuthServerFixture.StartAsync(
            new FixedClock(), Server.Database, configure: builder => builder.Services.AddScoped<ICleanedRows, OutOfOrder>());

        var report = await server.Services.GetRequiredService<CleanUpRun>().RunAsync(CancellationToken.None);

        Assert.Equal(1, report.Removed["reset-links"]);
        Assert.Single(server.Log.Lines, line => line.Id == 3202 && line.Text.Contains("out-of-order", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_removed_is_on_the_meter()
    {
        await AddAsync(Link("dead", expires: Now.AddDays(-8)), Link("dead-too", expires: Now.AddDays(-8)));
        var removed = new List<(long Rows, object? What)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Name == "recovery.clean_up.removed" && instrument.Meter.Scope == Server.Services.GetRequiredService<IMeterFactory>())
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, rows, tags, _) => removed.Add((rows, tags[0].Value)));
        listener.Start();

        await RunAsync();

        Assert.Contains((2, "reset-links"), removed);
    }

    [Fact]
    public async Task Every_look_for_dead_rows_goes_by_an_index()
    {
        var account = (await Server.Given.AccountAsync()).Id;
        for (var i = 0; i < 4; i++)
        {
            await AddAsync(
            [
                .. Enumerable.Range(0, 500).SelectMany(n => new object[]
                {
                    Link($"{n}", expires: Now.AddMinutes(n)), Request(Now.AddMinutes(-n), done: Now.AddMinutes(-n)),
                    Grant(account, Now.AddMinutes(n)), Session(account, Now.AddMinutes(n)),
                    Message(MailState.Accepted, settled: Now.AddMinutes(-n)), Count(Guid.NewGuid().ToString(), 1, Now.AddMinutes(-n)),
                    Case(Guid.NewGuid().ToString("N")[..10], CaseState.Rejected, Now, opened: Now, closed: Now.AddMinutes(-n)),
                }),
            ]);
        }

        var statements = await StatementsAsync(async () => await RunAsync());

        var plans = await Server.InDatabaseAsync(async db =>
        {
            await db.Database.ExecuteSqlRawAsync("ANALYZE");
            var plans = new List<string>();
            foreach (var statement in statements)
            {
                plans.Add(await PlanAsync(db, statement));
            }

            return plans;
        });
        Assert.Equal(9, plans.Count); // every kind was looked for
        Assert.All(plans, plan => Assert.Matches("(?i)using (covering )?index|index (only )?scan", plan));
        Assert.All(plans, plan => Assert.DoesNotMatch(@"(?i)seq scan|\bSCAN (?!.*USING)|temp b-tree", plan));
    }

    /// <summary>The database's own word on how it would run a statement.</summary>
    protected abstract Task<string> PlanAsync(AuthDbContext db, RecordedStatement statement);

    protected static async Task<string> ExplainAsync(AuthDbContext db, RecordedStatement statement, string explain, int column)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = explain + statement.Text;
        foreach (var (name, value) in statement.Parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(column));
        }

        return string.Join('\n', lines);
    }

    private Task<CleanUpReport> RunAsync() =>
        Server.Services.GetRequiredService<CleanUpRun>().RunAsync(CancellationToken.None);

    /// <summary>What asks for the oldest rows of a kind, once each.</summary>
    private static async Task<IReadOnlyList<RecordedStatement>> StatementsAsync(Func<Task> act)
    {
        using var recorder = new StatementRecorder();
        await act();
        return [.. recorder.Statements.Where(statement => statement.Text.Contains("ORDER BY", StringComparison.Ordinal)).DistinctBy(s => s.Text)];
    }

    /// <summary>Rows of a host's own, of which there are always more, and which take their time.</summary>
    private sealed class FourMinutes(TimeProvider clock) : ICleanedRows
    {
        public string What => "slow";

        public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
        {
            ((FixedClock)clock).Advance(TimeSpan.FromMinutes(4));
            return Task.FromResult(new CleanedBatch(most, most, from));
        }
    }

    private sealed class OutOfOrder : ICleanedRows
    {
        public string What => "out-of-order";

        public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("The table is gone.");
    }

    private Task AddAsync(params object[] rows) => Server.InDatabaseAsync(db =>
    {
        db.AddRange(rows);
        return db.SaveChangesAsync();
    });

    private ResetLink Link(string name, DateTimeOffset expires, DateTimeOffset? used = null, DateTimeOffset? voided = null) => new()
    {
        Id = Guid.CreateVersion7(Now),
        AccountId = Guid.NewGuid(),
        Purpose = LinkPurpose.Reset,
        TokenHash = Guid.NewGuid().ToByteArray(),
        SentTo = name,
        CreatedAt = expires.AddHours(-1),
        ExpiresAt = expires,
        UsedAt = used,
        VoidedAt = voided,
    };

    private static RecoveryRequest Request(DateTimeOffset asked, DateTimeOffset? done) => new()
    {
        Id = Guid.NewGuid(),
        IsUsername = false,
        AskedAt = asked,
        DoneAt = done,
    };

    private Grant Grant(Guid accountId, DateTimeOffset expires, DateTimeOffset? revoked = null) => new()
    {
        Id = Guid.NewGuid(),
        AccountId = accountId,
        ClientId = "app",
        Sid = "sid",
        Scopes = "openid",
        AuthenticatedAt = Now,
        Methods = "pwd",
        CreatedAt = Now,
        ExpiresAt = expires,
        Offline = true,
        RevokedAt = revoked,
    };

    private Session Session(Guid accountId, DateTimeOffset expires) => new()
    {
        Id = Guid.NewGuid(),
        Sid = Guid.NewGuid().ToString("N"),
        AccountId = accountId,
        AuthenticatedAt = expires.AddHours(-12),
        Methods = "pwd",
        LastSeenAt = Now,
        ExpiresAt = expires,
    };

    private OutboxMessage Message(MailState state, DateTimeOffset? settled) => new()
    {
        Id = Guid.NewGuid(),
        Kind = "Reminder",
        To = "anna@example.org",
        Subject = "Your username",
        MessageId = $"{Guid.NewGuid():N}@example.org",
        QueuedAt = Now,
        State = state,
        NextAttemptAt = Now.AddYears(1),
        SettledAt = settled,
    };

    private static LogInThrottle Count(string key, int failures, DateTimeOffset last) => new()
    {
        Key = key,
        Failures = failures,
        LastFailureAt = last,
    };

    private static SupportCase Case(
        string reference, CaseState state, DateTimeOffset changed, DateTimeOffset? opened = null, DateTimeOffset? closed = null) =>
        new()
        {
            Id = Guid.NewGuid(),
            Reference = reference,
            State = state,
            CreatedAt = changed,
            ChangedAt = changed,
            OpenedAt = opened,
            ClosedAt = closed,
            NewEmail = "anna@example.org",
            Network = "192.0.2.0/24",
            Evidence = new CaseEvidence { GivenName = "Siobhán" },
        };

    private CaseEntry Note(Guid caseId) => new()
    {
        Id = Guid.NewGuid(),
        CaseId = caseId,
        At = Now,
        Kind = CaseEntryKind.Note,
        Text = "Rang the deanery.",
    };
}
