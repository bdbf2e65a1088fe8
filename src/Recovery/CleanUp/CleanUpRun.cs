using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.CleanUp;

/// <summary>What one run came to.</summary>
/// <param name="Removed">Rows by kind; kinds of which there were none are missing.</param>
/// <param name="Finished">False: the time was up, or the server stops. The next run goes on.</param>
public sealed record CleanUpReport(IReadOnlyDictionary<string, long> Removed, TimeSpan Took, bool Finished);

/// <summary>
/// One run of the clean-up: a batch of each kind in turn, so that none waits for the end of another, until nothing is
/// due or the time is up. Every batch is durable by itself, so a run that is broken off has lost nothing, and holds one
/// batch of keys in memory at the most.
/// </summary>
internal sealed partial class CleanUpRun(
    IServiceScopeFactory scopes,
    IOptions<CleanUpOptions> options,
    CleanUpMeters meters,
    TimeProvider clock,
    ILogger<CleanUpRun> logger
)
{
    /// <param name="cancellationToken">The server stops: the batch at hand is finished.</param>
    public async Task<CleanUpReport> RunAsync(CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var progress = Kinds();
        var turns = new Queue<Progress>(progress);
        while (
            turns.TryPeek(out var kind)
            && clock.GetElapsedTime(began) < options.Value.TimeBudget
            && !cancellationToken.IsCancellationRequested
        )
        {
            turns.Dequeue();
            if (await CleanAsync(kind, cancellationToken))
            {
                turns.Enqueue(kind);
            }
        }

        var took = clock.GetElapsedTime(began);
        meters.Ran(took);
        return new CleanUpReport(
            progress.Where(kind => kind.Removed > 0).ToDictionary(kind => kind.What, kind => kind.Removed),
            took,
            turns.Count == 0
        );
    }

    private List<Progress> Kinds()
    {
        using var scope = scopes.CreateScope();
        return [.. scope.ServiceProvider.GetServices<ICleanedRows>().Select(rows => new Progress(rows.What))];
    }

    /// <returns>True when there may be more.</returns>
    private async Task<bool> CleanAsync(Progress kind, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        CleanedBatch batch;
        try
        {
            // A scope for each batch: nothing is remembered from one to the next.
            await using var scope = scopes.CreateAsyncScope();
            var rows = scope.ServiceProvider.GetServices<ICleanedRows>().Single(rows => rows.What == kind.What);
            batch = await rows.RemoveAsync(kind.From, kind.Size, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // The other kinds are cleaned all the same.
            Failed(kind.What, failure);
            return false;
        }

        var took = clock.GetElapsedTime(began);
        meters.Removed(kind.What, batch.Removed);
        kind.Removed += batch.Removed;
        var more = batch.Found == kind.Size && batch.Removed > 0;
        kind.From = batch.Last;
        kind.Size = BatchSize.Next(kind.Size, took, options.Value.LongestBatch, options.Value.BatchSize);
        if (more && BatchSize.Pause(took, options.Value.Share) is { Ticks: > 0 } pause)
        {
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return more;
    }

    [LoggerMessage(3202, LogLevel.Error, "Clean-up could not remove {What}; the next run tries again.")]
    private partial void Failed(string what, Exception failure);

    private sealed class Progress(string what)
    {
        public string What { get; } = what;

        public DateTimeOffset From { get; set; } = DateTimeOffset.MinValue;

        public int Size { get; set; } = BatchSize.Least;

        public long Removed { get; set; }
    }
}
