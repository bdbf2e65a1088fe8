using AuthServer.Accounts;
using AuthServer.Mail;
using AuthServer.Protocol.Storage;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Recovery.CleanUp;
using Recovery.Requests;
using Recovery.ResetLinks;

namespace TestSupport.StorageContract;

/// <summary>Rows of every kind that clean-up removes, as old as a test wants them.</summary>
public abstract class CleanedRowsContract : StorageContract
{
    private protected DateTimeOffset Now => Server.Now;

    private protected Task<CleanUpReport> RunAsync() =>
        Server.Services.GetRequiredService<CleanUpRun>().RunAsync(CancellationToken.None);

    private protected Task AddAsync(params object[] rows) =>
        Server.InDatabaseAsync(db =>
        {
            db.AddRange(rows);
            return db.SaveChangesAsync();
        });

    private protected ResetLink Link(
        string name,
        DateTimeOffset expires,
        DateTimeOffset? used = null,
        DateTimeOffset? voided = null
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(Now),
            AccountId = Guid.NewGuid(),
            Purpose = LinkPurpose.Reset,
            TokenHash = Guid.NewGuid().ToByteArray(),
            SentTo = name,
            Generation = 1,
            SecurityStamp = Guid.NewGuid(),
            CreatedAt = expires.AddHours(-1),
            ExpiresAt = expires,
            UsedAt = used,
            VoidedAt = voided,
        };

    private protected static RecoveryRequest Request(DateTimeOffset asked, DateTimeOffset? done) =>
        new()
        {
            Id = Guid.NewGuid(),
            IsUsername = false,
            AskedAt = asked,
            DoneAt = done,
        };

    private protected Authorization Grant(Guid accountId, DateTimeOffset expires, DateTimeOffset? revoked = null) =>
        SignInRow.Of(accountId, Now, expires, revoked: revoked);

    private protected static Token UsedAssertion(DateTimeOffset expires) =>
        new()
        {
            Id = Guid.NewGuid(),
            ReferenceId = Guid.NewGuid().ToString(),
            ExpirationDate = expires.UtcDateTime,
        };

    private protected Session Session(Guid accountId, DateTimeOffset expires) =>
        new()
        {
            Id = Guid.NewGuid(),
            Sid = Guid.NewGuid().ToString("N"),
            AccountId = accountId,
            SecurityStamp = Guid.NewGuid(),
            AuthenticatedAt = expires.AddHours(-12),
            Methods = "pwd",
            LastSeenAt = Now,
            ExpiresAt = expires,
        };

    private protected OutboxMessage Message(MailState state, DateTimeOffset? settled)
    {
        var id = Guid.NewGuid();
        var message = new OutboxMessage
        {
            Id = id,
            Kind = "Reminder",
            To = "anna@example.org",
            Subject = "Your username",
            MessageId = $"{Guid.NewGuid():N}@example.org",
            QueuedAt = Now,
            State = state,
            NextAttemptAt = Now.AddYears(1),
            SettledAt = settled,
        };
        message.Subjects.Add(
            new OutboxSubject
            {
                MessageId = id,
                Position = 0,
                AccountId = Guid.NewGuid(),
            }
        );
        return message;
    }

    private protected static LogInThrottle Count(string key, int failures, DateTimeOffset last) =>
        new()
        {
            Key = key,
            Failures = failures,
            LastFailureAt = last,
        };

    private protected static SupportCase Case(
        string reference,
        CaseState state,
        DateTimeOffset changed,
        DateTimeOffset? opened = null,
        DateTimeOffset? closed = null
    ) =>
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

    private protected CaseEntry Note(Guid caseId) =>
        new()
        {
            Id = Guid.NewGuid(),
            CaseId = caseId,
            At = Now,
            Kind = CaseEntryKind.Note,
            Text = "Rang the deanery.",
        };
}
