using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace Recovery.CleanUp;

/// <summary>
/// How every kind of rows is removed: the keys of the oldest are read from an index, which keeps nobody waiting, and
/// the rows removed by their keys, so that the transaction is as short as it can be.
/// </summary>
public static class DeadRows
{
    /// <param name="oldest">Rows that are due, sorted by when they died, as many as a batch may have.</param>
    /// <param name="remove">Removes those of the rows that are still due; returns how many it removed.</param>
    public static async Task<CleanedBatch> RemoveAsync<TKey>(
        IQueryable<DeadRow<TKey>> oldest,
        Func<TKey[], CancellationToken, Task<int>> remove,
        CancellationToken cancellationToken
    )
    {
        var dead = await oldest.ToListAsync(cancellationToken);
        return dead.Count == 0
            ? new CleanedBatch(0, 0, DateTimeOffset.MinValue)
            : new CleanedBatch(
                dead.Count,
                await remove([.. dead.Select(row => row.Key)], cancellationToken),
                dead[^1].DiedAt
            );
    }
}
