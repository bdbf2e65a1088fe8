using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.CleanUp;
using Recovery.Ports;

namespace Recovery.Requests;

/// <summary>Removes requests some days after they were done; what was typed was erased when they were.</summary>
internal sealed class DoneRequests(IRecoveryDb db, IOptions<CleanUpOptions> options, TimeProvider clock) : ICleanedRows
{
    public string What => "recovery-requests";

    public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.Requests;
        return DeadRows.RemoveAsync(
            db.RecoveryRequests.Where(request =>
                    request.DoneAt != null && request.DoneAt >= from && request.DoneAt < before
                )
                .OrderBy(request => request.DoneAt)
                .Take(most)
                .Select(request => new DeadRow<Guid>(request.Id, request.DoneAt ?? from)),
            (ids, token) =>
                db
                    .RecoveryRequests.Where(request =>
                        EF.Parameter(ids).Contains(request.Id) && request.DoneAt < before
                    )
                    .ExecuteDeleteAsync(token),
            cancellationToken
        );
    }
}
