using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.CleanUp;
using Recovery.Ports;

namespace Recovery.ResetLinks;

/// <summary>
/// Removes links some days after they died: until then their page, and support, can say what became of them.
/// </summary>
internal sealed class DeadResetLinks(IRecoveryDb db, IOptions<CleanUpOptions> options, TimeProvider clock)
    : ICleanedRows
{
    public string What => "reset-links";

    public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.ResetLinks;
        return DeadRows.RemoveAsync(
            db.ResetLinks.Where(link => link.EndsAt >= from && link.EndsAt < before)
                .OrderBy(link => link.EndsAt)
                .Take(most)
                .Select(link => new DeadRow<Guid>(link.Id, link.EndsAt)),
            (ids, token) =>
                db
                    .ResetLinks.Where(link => EF.Parameter(ids).Contains(link.Id) && link.EndsAt < before)
                    .ExecuteDeleteAsync(token),
            cancellationToken
        );
    }
}
