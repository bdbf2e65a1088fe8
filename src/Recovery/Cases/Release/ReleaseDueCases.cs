using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.Cases.Release;

/// <summary>
/// Releases every case whose waiting time has passed, each in a unit of work of its own: one that fails holds up no
/// other.
/// </summary>
/// <remarks>
/// How long a case has yet to wait is read off the clock once, when this process first sees it; from then on it is time
/// that passes, and not what the clock says. So a clock that is put forward releases nothing early, and one that is put
/// back keeps nobody waiting. A waiting time that is longer than it can have been set counts in full from the first
/// look on.
/// </remarks>
internal sealed partial class ReleaseDueCases(
    IServiceScopeFactory scopes,
    IOptions<CaseOptions> options,
    TimeProvider clock,
    ILogger<ReleaseDueCases> logger
)
{
    /// <summary>Cases in one run; the rest are due again at the next.</summary>
    private const int BatchSize = 200;

    private readonly Lock _lock = new();
    private Dictionary<Waiting, Seen> _seen = [];

    /// <returns>How many were released.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var released = 0;
        foreach (var (caseId, releaseAt) in await DueAsync(cancellationToken))
        {
            await using var scope = scopes.CreateAsyncScope();
            try
            {
                var end = await scope
                    .ServiceProvider.GetRequiredService<ReleaseCase>()
                    .ReleaseAsync(caseId, releaseAt, cancellationToken);
                released += end == Release.Done ? 1 : 0;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Failed(caseId, failure); // nothing of it was written: it is due again at the next run
            }
        }

        return released;
    }

    private async Task<IReadOnlyList<Waiting>> DueAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var waiting = await scope
            .ServiceProvider.GetRequiredService<IRecoveryDb>()
            .SupportCases.Where(c => c.State == CaseState.Approved && c.ReleaseAt != null)
            .OrderBy(c => c.ReleaseAt)
            .Select(c => new Waiting(c.Id, c.ReleaseAt!.Value))
            .ToListAsync(cancellationToken);
        return [.. Due(waiting).Take(BatchSize)];
    }

    /// <summary>Those that have waited for long enough; those that wait no more are forgotten.</summary>
    private List<Waiting> Due(List<Waiting> waiting)
    {
        lock (_lock)
        {
            var (now, timestamp) = (clock.GetUtcNow(), clock.GetTimestamp());
            var before = _seen;
            _seen = waiting.ToDictionary(
                one => one,
                one => before.GetValueOrDefault(one) ?? FirstSeen(one, now, timestamp)
            );
            return [.. waiting.Where(one => clock.GetElapsedTime(_seen[one].At, timestamp) >= _seen[one].Remaining)];
        }
    }

    private Seen FirstSeen(Waiting one, DateTimeOffset now, long timestamp)
    {
        var remaining = one.ReleaseAt - now;
        return new Seen(timestamp, remaining < options.Value.WaitingTime ? remaining : options.Value.WaitingTime);
    }

    private sealed record Waiting(Guid CaseId, DateTimeOffset ReleaseAt);

    /// <param name="At">A timestamp of the clock.</param>
    /// <param name="Remaining">How much longer it had to wait then.</param>
    private sealed record Seen(long At, TimeSpan Remaining);

    [LoggerMessage(3107, LogLevel.Error, "Support case {CaseId} could not be released; it will be tried again.")]
    private partial void Failed(Guid caseId, Exception failure);
}
