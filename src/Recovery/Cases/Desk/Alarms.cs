using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>
/// What staff do when somebody at a held address stopped a case after its link had gone out: lock the account while
/// they find out, and write down what they found. Whoever may touch the case may do both; waiting for a second person
/// would help the intruder.
/// </summary>
internal sealed partial class Alarms(
    IRecoveryDb db,
    DeskCases cases,
    IAccountDirectory accounts,
    IRecoveryAudit audit,
    TimeProvider clock,
    ILogger<Alarms> logger
)
{
    /// <returns>How many wait for somebody.</returns>
    public Task<int> CountAsync(CancellationToken cancellationToken) => Waiting.CountAsync(cancellationToken);

    /// <summary>
    /// Keeps everybody out of the account of a case with an alarm, until an administrator enables it again.
    /// </summary>
    public async Task<DeskOutcome> LockAsync(string reference, Officer officer, CancellationToken cancellationToken)
    {
        var (support, ended) = await cases.FindAsync(reference, officer, cancellationToken);
        if (support is not { AccountId: { } accountId })
        {
            return ended ?? new DeskOutcome.Overtaken();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (
            !await Waiting.AnyAsync(c => c.Id == support.Id, cancellationToken)
            || !await accounts.DisableAsync(accountId, officer.Id, cancellationToken)
        )
        {
            return new DeskOutcome.Overtaken();
        }

        db.AddEntry(support.Id, CaseEntryKind.AccountLocked, clock.GetUtcNow(), officer.Id);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Locked(officer.Id, accountId, support.Id);
        return new DeskOutcome.Done();
    }

    /// <summary>Takes the case off the list of alarms.</summary>
    /// <param name="found">What they found out: there is no settling it without a word.</param>
    public async Task<DeskOutcome> SettleAsync(
        string reference,
        string? found,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        if (StaffText.Clean(found) is not { Length: > 0 and <= StaffText.Longest } text)
        {
            return new DeskOutcome.Refused($"Enter what you found out, in {StaffText.Longest:N0} characters or fewer");
        }

        var (support, ended) = await cases.FindAsync(reference, officer, cancellationToken);
        if (support is null)
        {
            return ended ?? new DeskOutcome.NotFound();
        }

        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var settled = await Waiting
            .Where(c => c.Id == support.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.AlarmSettledAt, now), cancellationToken);
        if (settled == 0)
        {
            return new DeskOutcome.Overtaken();
        }

        db.AddEntry(support.Id, CaseEntryKind.AlarmSettled, now, officer.Id, text);
        audit.Record(RecoveryAuditKinds.CaseAlarmSettled, support.AccountId, officer.Id, CaseAudit.Of(support.Id));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new DeskOutcome.Done();
    }

    private IQueryable<SupportCase> Waiting =>
        db.SupportCases.Where(c => c.AlarmAt != null && c.AlarmSettledAt == null);

    [LoggerMessage(
        3152,
        LogLevel.Warning,
        "Account {OfficerId} locked account {AccountId} because of the alarm on support case {CaseId}."
    )]
    private partial void Locked(Guid officerId, Guid accountId, Guid caseId);
}
