using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.CleanUp;
using Recovery.Ports;

namespace Recovery.Cases;

/// <summary>Removes drafts that nobody came back to. A case that was opened once is never removed.</summary>
internal sealed class AbandonedDrafts(IRecoveryDb db, IOptions<CleanUpOptions> options, TimeProvider clock)
    : ICleanedRows
{
    public string What => "case-drafts";

    public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.CaseDrafts;
        return DeadRows.RemoveAsync(
            db.SupportCases.Where(c => c.OpenedAt == null && c.ChangedAt >= from && c.ChangedAt < before)
                .OrderBy(c => c.ChangedAt)
                .Take(most)
                .Select(c => new DeadRow<Guid>(c.Id, c.ChangedAt)),
            (ids, token) =>
                db
                    .SupportCases.Where(c =>
                        EF.Parameter(ids).Contains(c.Id) && c.OpenedAt == null && c.ChangedAt < before
                    )
                    .ExecuteDeleteAsync(token),
            cancellationToken
        );
    }
}
