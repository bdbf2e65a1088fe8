using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Recovery.Ports;

namespace Recovery.Cases.Release;

/// <summary>
/// Releases every case whose waiting time has passed, each in a unit of work of its own: one that fails holds up no
/// other.
/// </summary>
/// <remarks>
/// How long a case has yet to wait stands in its row. Each look takes off the time that this process has seen pass, which
/// is no date: a clock that is put forward releases nothing early, and one that is put back keeps nobody waiting. What
/// passed while no server ran is <see cref="ObservedWaits"/>' question.
/// </remarks>
internal sealed partial class ReleaseDueCases(
    IServiceScopeFactory scopes,
    ObservedWaits waits,
    ILogger<ReleaseDueCases> logger
)
{
    /// <summary>Cases in one run; the rest are due again at the next.</summary>
    private const int BatchSize = 200;

    /// <returns>How many were released.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var released = 0;
        foreach (var (caseId, releaseAt, _, _) in await DueAsync(cancellationToken))
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

    private async Task<IReadOnlyList<WaitingCase>> DueAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IRecoveryDb>();
        var waiting = await db
            .SupportCases.Where(c => c.State == CaseState.Approved && c.ReleaseAt != null)
            .OrderBy(c => c.ReleaseAt)
            .Select(c => new WaitingCase(c.Id, c.ReleaseAt!.Value, c.WaitSecondsLeft, c.WaitCountedAt))
            .ToListAsync(cancellationToken);
        var now = await db.NowAsync(cancellationToken);
        var observed = waits.Look(waiting, now);
        foreach (var wait in observed.Where(wait => wait.IsNews))
        {
            await CountAsync(db, wait, now, cancellationToken);
        }

        return [.. observed.Where(wait => wait.SecondsLeft <= 0).Select(wait => wait.Case).Take(BatchSize)];
    }

    /// <summary>Writes down what has been seen to pass, for the other servers and for the next start.</summary>
    private static Task<int> CountAsync(
        IRecoveryDb db,
        ObservedWait wait,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var (caseId, releaseAt, secondsLeft) = (wait.Case.CaseId, wait.Case.ReleaseAt, wait.SecondsLeft);
        return db
            .SupportCases.Where(c =>
                c.Id == caseId
                && c.State == CaseState.Approved
                && c.ReleaseAt == releaseAt
                && (c.WaitSecondsLeft == null || c.WaitSecondsLeft >= secondsLeft)
            )
            .ExecuteUpdateAsync(
                set => set.SetProperty(c => c.WaitSecondsLeft, secondsLeft).SetProperty(c => c.WaitCountedAt, now),
                cancellationToken
            );
    }

    [LoggerMessage(3107, LogLevel.Error, "Support case {CaseId} could not be released; it will be tried again.")]
    private partial void Failed(Guid caseId, Exception failure);
}
