using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Cases.Release;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>
/// Approves, rejects and sends back. Each is one guarded statement and what follows from it in one transaction: of two
/// officers who decide at once one does, and the other is told. What is closed stays closed.
/// </summary>
internal sealed partial class DecideCase(
    IRecoveryDb db,
    DeskCases cases,
    IHeldRecords held,
    IWaitingTime waiting,
    IRecoveryMessenger messenger,
    IRecoveryAudit audit,
    IRecoveryHost host,
    TimeProvider clock,
    ILogger<DecideCase> logger
)
{
    /// <summary>
    /// Approves the case for the account that the officer saw on it. A member of staff's account then waits for a
    /// second approver; with the last approval the waiting time begins.
    /// </summary>
    public async Task<DeskOutcome> ApproveAsync(
        string reference,
        Guid accountId,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        var (support, ended) = await cases.FindAsync(reference, officer, cancellationToken);
        if (support is null)
        {
            return ended ?? new DeskOutcome.NotFound();
        }

        if (support.AccountId != accountId)
        {
            return new DeskOutcome.Overtaken();
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var step = await StepAsync(support, accountId, officer, cancellationToken);
        if (step is ApprovalStep.Refused { Sentence: var sentence })
        {
            return IsOpen(support.State) ? new DeskOutcome.Refused(sentence) : new DeskOutcome.Overtaken();
        }

        var now = clock.GetUtcNow();
        if (!await ChangeAsync(support, step, officer, now, cancellationToken))
        {
            return new DeskOutcome.Overtaken();
        }

        var second = step is ApprovalStep.Final { IsSecond: true };
        db.AddEntry(support.Id, second ? CaseEntryKind.SecondApproved : CaseEntryKind.Approved, now, officer.Id);
        audit.Record(
            second ? RecoveryAuditKinds.CaseSecondApproved : RecoveryAuditKinds.CaseApproved,
            accountId,
            officer.Id,
            CaseAudit.Of(support.Id)
        );
        if (step is ApprovalStep.Final)
        {
            await waiting.BeginAsync(support.Id, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Decided(officer.Id, support.Id, step is ApprovalStep.First ? "approved first" : "approved");
        return new DeskOutcome.Done();
    }

    /// <summary>What an approval by this officer would do now, for the page that asks for it.</summary>
    public async Task<ApprovalStep> StepAsync(
        SupportCase support,
        Guid accountId,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        Guid[] ids = [.. new[] { accountId, support.ApprovedBy }.OfType<Guid>()];
        var accounts = await held.ReferencesAsync(ids, cancellationToken);
        return accounts.TryGetValue(accountId, out var account)
            ? ApprovalStep.For(
                officer,
                support.State,
                account,
                support.ApprovedBy is { } id ? accounts.GetValueOrDefault(id) : null
            )
            : new ApprovalStep.Refused("The account does not exist any more. Choose another.");
    }

    /// <summary>Closes the case, also one whose waiting time runs, and tells the person why.</summary>
    /// <param name="note">For the case's history; may be empty.</param>
    public async Task<DeskOutcome> RejectAsync(
        string reference,
        RejectReason reason,
        string? note,
        Officer officer,
        CancellationToken cancellationToken
    )
    {
        var (support, ended) = await cases.FindAsync(reference, officer, cancellationToken);
        if (support is null)
        {
            return ended ?? new DeskOutcome.NotFound();
        }

        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var changed = await db
            .SupportCases.Where(c =>
                c.Id == support.Id
                && (
                    c.State == CaseState.Open
                    || c.State == CaseState.MoreWanted
                    || c.State == CaseState.SecondApprovalWanted
                    || c.State == CaseState.Approved
                )
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, CaseState.Rejected)
                        .SetProperty(c => c.RejectedBecause, reason)
                        .SetProperty(c => c.ChangedAt, now)
                        .SetProperty(c => c.ClosedAt, now)
                        .SettleNews(),
                cancellationToken
            );
        if (changed == 0)
        {
            return new DeskOutcome.Overtaken();
        }

        db.AddEntry(
            support.Id,
            CaseEntryKind.Rejected,
            now,
            officer.Id,
            StaffText.Clean(note) is { Length: > 0 } text ? text : null
        );
        audit.Record(
            RecoveryAuditKinds.CaseRejected,
            support.AccountId,
            officer.Id,
            $"{CaseAudit.Of(support.Id)} reason={reason}"
        );
        if (support.NewEmail is { } email)
        {
            await messenger.QueueAsync(
                email,
                new RecoveryMessage.CaseRejected(support.Reference, DeskWords.ForClaimant(reason))
                {
                    Ticket = host.TicketFor(support.ClientId),
                },
                new MessageSubject(support.AccountId, support.Id),
                cancellationToken
            );
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Decided(officer.Id, support.Id, "rejected");
        return new DeskOutcome.Done();
    }

    /// <summary>
    /// The second approver does not agree yet: the first approval counts no more, and the case is open again.
    /// </summary>
    public async Task<DeskOutcome> SendBackAsync(string reference, Officer officer, CancellationToken cancellationToken)
    {
        var (support, ended) = await cases.FindAsync(reference, officer, cancellationToken);
        if (support is null)
        {
            return ended ?? new DeskOutcome.NotFound();
        }

        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var changed = await db
            .SupportCases.Where(c => c.Id == support.Id && c.State == CaseState.SecondApprovalWanted)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, CaseState.Open)
                        .SetProperty(c => c.ApprovedBy, (Guid?)null)
                        .SetProperty(c => c.ApprovedAt, (DateTimeOffset?)null)
                        .SetProperty(c => c.ChangedAt, now)
                        .SettleNews(),
                cancellationToken
            );
        if (changed == 0)
        {
            return new DeskOutcome.Overtaken();
        }

        db.AddEntry(support.Id, CaseEntryKind.SentBack, now, officer.Id);
        audit.Record(RecoveryAuditKinds.CaseSentBack, support.AccountId, officer.Id, CaseAudit.Of(support.Id));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Decided(officer.Id, support.Id, "sent back");
        return new DeskOutcome.Done();
    }

    // The case has to be as the officer saw it: in the same state, about the same account, approved by the same person
    // before.
    private async Task<bool> ChangeAsync(
        SupportCase seen,
        ApprovalStep step,
        Officer officer,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var unchanged = db.SupportCases.Where(c =>
            c.Id == seen.Id && c.State == seen.State && c.AccountId == seen.AccountId && c.ApprovedBy == seen.ApprovedBy
        );
        return step switch
            {
                ApprovalStep.First => await unchanged.ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(c => c.State, CaseState.SecondApprovalWanted)
                            .SetProperty(c => c.ApprovedBy, officer.Id)
                            .SetProperty(c => c.ApprovedAt, now)
                            .SetProperty(c => c.ChangedAt, now)
                            .SettleNews(),
                    cancellationToken
                ),
                ApprovalStep.Final { IsSecond: true } => await unchanged.ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(c => c.State, CaseState.Approved)
                            .SetProperty(c => c.SecondApprovedBy, officer.Id)
                            .SetProperty(c => c.ChangedAt, now)
                            .SettleNews(),
                    cancellationToken
                ),
                _ => await unchanged.ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(c => c.State, CaseState.Approved)
                            .SetProperty(c => c.ApprovedBy, officer.Id)
                            .SetProperty(c => c.ApprovedAt, now)
                            .SetProperty(c => c.ChangedAt, now)
                            .SettleNews(),
                    cancellationToken
                ),
            } == 1;
    }

    private static bool IsOpen(CaseState state) =>
        state is CaseState.Open or CaseState.MoreWanted or CaseState.SecondApprovalWanted;

    [LoggerMessage(3151, LogLevel.Information, "Account {OfficerId} {Decision} support case {CaseId}.")]
    private partial void Decided(Guid officerId, Guid caseId, string decision);
}
