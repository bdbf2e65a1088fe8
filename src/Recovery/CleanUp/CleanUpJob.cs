using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Recovery.CleanUp;

/// <summary>Removes what nobody needs any more, on one node at a time.</summary>
[DisallowConcurrentExecution]
internal sealed partial class CleanUpJob(CleanUpRun run, IHostApplicationLifetime lifetime, ILogger<CleanUpJob> logger)
    : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var planned = context.ScheduledFireTimeUtc ?? context.FireTimeUtc;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        Began(planned);
        var report = await run.RunAsync(stopping.Token);
        Ended(
            planned,
            report.Finished ? "finished" : "stopped before its end",
            report.Took.TotalSeconds,
            report.Removed.Count == 0
                ? "nothing"
                : string.Join(", ", report.Removed.Select(kind => $"{kind.Value} {kind.Key}"))
        );
    }

    [LoggerMessage(3200, LogLevel.Debug, "The clean-up of {Planned:O} began.")]
    private partial void Began(DateTimeOffset planned);

    [LoggerMessage(
        3201,
        LogLevel.Information,
        "The clean-up of {Planned:O} {Outcome} after {Seconds:0.0} s; removed: {Removed}."
    )]
    private partial void Ended(DateTimeOffset planned, string outcome, double seconds, string removed);
}
