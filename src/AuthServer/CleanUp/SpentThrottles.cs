using AuthServer.Accounts;
using AuthServer.Data;
using Microsoft.Extensions.Options;
using Recovery.CleanUp;
using Recovery.Ports;

namespace AuthServer.CleanUp;

/// <summary>
/// Counts of failed log-ins that nobody has added to for long. Those at the hard stop stay, known accounts and unknown
/// identifiers alike: only recovery lifts it, and a count that vanished for one kind alone would tell them apart.
/// </summary>
internal sealed class SpentThrottles(
    AuthDbContext db,
    Throttle throttle,
    IOptions<LogInLimitOptions> limits,
    IOptions<RetentionOptions> options,
    TimeProvider clock
) : ICleanedRows
{
    public string What => "throttles";

    public Task<CleanedBatch> RemoveAsync(DateTimeOffset from, int most, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - options.Value.Throttles;
        var hardStop = limits.Value.HardStop;
        return DeadRows.RemoveAsync(
            db.LogInThrottles.Where(count =>
                    count.LastFailureAt >= from && count.LastFailureAt < before && count.Failures < hardStop
                )
                .OrderBy(count => count.LastFailureAt)
                .Take(most)
                .Select(count => new DeadRow<string>(count.Key, count.LastFailureAt)),
            (keys, token) => throttle.RemoveSpentAsync(keys, before, token),
            cancellationToken
        );
    }
}
