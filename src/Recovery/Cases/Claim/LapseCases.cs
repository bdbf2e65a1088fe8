using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Ports;

namespace Recovery.Cases.Claim;

/// <summary>
/// Closes what nobody came back to: forms that were not sent, whose answers are erased at once, and cases whose
/// question was not answered, whose person is told. Guarded statements, so any number of processes may do it at the
/// same time. The empty row of a form can still say so to whoever opens its link, until the clean-up job removes it.
/// </summary>
internal sealed partial class LapseCases(
    IRecoveryDb db,
    IRecoveryMessenger messenger,
    IRecoveryAudit audit,
    IRecoveryHost host,
    TimeProvider clock,
    ILogger<LapseCases> logger
)
{
    /// <summary>Cases in one run; the rest are due again at the next.</summary>
    private const int BatchSize = 500;

    /// <returns>How many lapsed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var due = await db
            .SupportCases.AsNoTracking()
            .Where(c => (c.State == CaseState.Draft || c.State == CaseState.MoreWanted) && c.ResumeExpiresAt <= now)
            .OrderBy(c => c.ResumeExpiresAt)
            .Select(c => new { c.Id, c.State })
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        var lapsed = 0;
        foreach (var item in due)
        {
            lapsed += await LapseAsync(item.Id, item.State, now, cancellationToken) ? 1 : 0;
        }

        if (lapsed > 0)
        {
            Lapsed(lapsed);
        }

        return lapsed;
    }

    /// <summary>
    /// Closes a form and erases all that was typed into it, inside the caller's transaction. The hash of the address
    /// stays as long as the row does: it counts towards how much the address is sent.
    /// </summary>
    /// <param name="expiredBy">Only when nobody has come back to it by then.</param>
    /// <returns>False when it is no form, or not expired, any more.</returns>
    public static async Task<bool> EraseDraftAsync(
        IRecoveryDb db,
        Guid caseId,
        DateTimeOffset now,
        DateTimeOffset expiredBy,
        CancellationToken cancellationToken
    ) =>
        await db
            .SupportCases.Where(c => c.Id == caseId && c.State == CaseState.Draft && c.ResumeExpiresAt <= expiredBy)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, CaseState.Lapsed)
                        .SetProperty(c => c.ClosedAt, now)
                        .SetProperty(c => c.ChangedAt, now)
                        .SetProperty(c => c.Evidence, (CaseEvidence?)null)
                        .SetProperty(c => c.EvidenceErasedAt, now)
                        .SetProperty(c => c.NewEmail, (string?)null),
                cancellationToken
            ) == 1;

    private async Task<bool> LapseAsync(
        Guid caseId,
        CaseState state,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var done =
            state == CaseState.Draft
                ? await EraseUnsentAsync(caseId, now, cancellationToken)
                : await CloseUnansweredAsync(caseId, now, cancellationToken);
        if (done)
        {
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return done;
    }

    private async Task<bool> EraseUnsentAsync(Guid caseId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!await EraseDraftAsync(db, caseId, now, expiredBy: now, cancellationToken))
        {
            return false;
        }

        audit.Record(RecoveryAuditKinds.CaseLapsed, detail: CaseAudit.Of(caseId));
        return true;
    }

    private async Task<bool> CloseUnansweredAsync(Guid caseId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var closed = await db
            .SupportCases.Where(c => c.Id == caseId && c.State == CaseState.MoreWanted && c.ResumeExpiresAt <= now)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, CaseState.Lapsed)
                        .SetProperty(c => c.ClosedAt, now)
                        .SetProperty(c => c.ChangedAt, now),
                cancellationToken
            );
        if (closed == 0)
        {
            return false;
        }

        var facts = await db
            .SupportCases.AsNoTracking()
            .Where(c => c.Id == caseId)
            .Select(c => new
            {
                c.Reference,
                c.NewEmail,
                c.AccountId,
                c.ClientId,
            })
            .SingleAsync(cancellationToken);
        db.AddEntry(caseId, CaseEntryKind.Lapsed, now);
        audit.Record(RecoveryAuditKinds.CaseLapsed, facts.AccountId, detail: CaseAudit.Of(caseId));
        if (facts.NewEmail is { } email)
        {
            await messenger.QueueAsync(
                email,
                new RecoveryMessage.CaseLapsed(facts.Reference) { Ticket = host.TicketFor(facts.ClientId) },
                new MessageSubject(caseId: caseId),
                cancellationToken
            );
        }

        return true;
    }

    [LoggerMessage(
        3104,
        LogLevel.Information,
        "{Count} support cases lapsed: forms that were not sent, and questions that were not answered."
    )]
    private partial void Lapsed(int count);
}
