using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.CleanUp;
using Recovery.Ports;

namespace Recovery.Cases;

/// <summary>
/// Empties cases a year after they were closed: what the person stated, where they wanted to be written to, and the
/// words of notes, questions and answers, and what a search finds them by. The case, its steps and who took them, and
/// the audit trail stay.
/// </summary>
internal sealed class OldEvidence(
    IRecoveryDb db,
    IRecoveryAudit audit,
    IOptions<CleanUpOptions> options,
    TimeProvider clock
) : ICleanedRows
{
    public string What => "case-evidence";

    public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.CaseEvidence;
        return DeadRows.RemoveAsync(
            db.SupportCases.Where(c =>
                    c.EvidenceErasedAt == null && c.ClosedAt != null && c.ClosedAt >= from && c.ClosedAt < before
                )
                .OrderBy(c => c.ClosedAt)
                .Take(most)
                .Select(c => new DeadRow<Guid>(c.Id, c.ClosedAt ?? from)),
            (ids, token) => EraseAsync(ids, before, token),
            cancellationToken
        );
    }

    private async Task<int> EraseAsync(Guid[] ids, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var erased = await db
            .SupportCases.Where(c =>
                EF.Parameter(ids).Contains(c.Id) && c.EvidenceErasedAt == null && c.ClosedAt < before
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.Evidence, (CaseEvidence?)null)
                        .SetProperty(c => c.NewEmail, (string?)null)
                        .SetProperty(c => c.EmailBefore, (string?)null)
                        .SetProperty(c => c.AddressHash, (byte[]?)null)
                        .SetProperty(c => c.Network, (string?)null)
                        .SetProperty(c => c.EvidenceErasedAt, now),
                cancellationToken
            );
        await db
            .CaseEntries.Where(entry => EF.Parameter(ids).Contains(entry.CaseId) && entry.Text != null)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.Text, (string?)null), cancellationToken);
        await db.CaseTerms.Where(term => EF.Parameter(ids).Contains(term.CaseId)).ExecuteDeleteAsync(cancellationToken);
        foreach (var id in ids)
        {
            audit.Record(RecoveryAuditKinds.CaseEvidenceErased, detail: $"case={id}");
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return erased;
    }
}
