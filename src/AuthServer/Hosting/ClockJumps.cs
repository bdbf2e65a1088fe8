using Quartz;

namespace AuthServer.Hosting;

/// <summary>
/// Keeps the jobs going when the machine's clock is set. Quartz keeps the next time of each job as a date: after the
/// clock is put back, that date is as far ahead as the clock was, and the job would stand still until then.
/// </summary>
/// <remarks>
/// The clock is compared with the time that has passed, so a jump is noticed within a second; and every minute whatever
/// has a date that is too far ahead is put right, because another process whose clock was wrong may have written it.
/// </remarks>
internal sealed partial class ClockJumps(TimeProvider clock, ILogger<ClockJumps> logger)
{
    /// <summary>Real time, whatever the clock says.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private const int LooksPerMinute = 60;

    /// <summary>Less than this is how time services correct a clock, and no jump.</summary>
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(1);

    /// <summary>Watches until the server stops.</summary>
    public async Task WatchAsync(IReadOnlyCollection<IScheduler> schedulers, CancellationToken stoppingToken)
    {
        var (wall, timestamp) = (clock.GetUtcNow(), clock.GetTimestamp());
        for (var look = 0; ; look++)
        {
            await Task.Delay(LookEvery, TimeProvider.System, stoppingToken);
            var (now, at) = (clock.GetUtcNow(), clock.GetTimestamp());
            var jump = now - wall - clock.GetElapsedTime(timestamp, at);
            (wall, timestamp) = (now, at);
            if (jump.Duration() > Tolerated)
            {
                Jumped(jump);
            }

            if (jump.Duration() > Tolerated)
            {
                await PutRightAsync(schedulers, Tolerated, stoppingToken);
            }
            else if (look % LooksPerMinute == 0)
            {
                await PutRightAsync(schedulers, Clocks.MostApart, stoppingToken);
            }
        }
    }

    private async Task PutRightAsync(
        IReadOnlyCollection<IScheduler> schedulers,
        TimeSpan tolerated,
        CancellationToken cancellationToken
    )
    {
        foreach (var scheduler in schedulers)
        {
            try
            {
                foreach (
                    var key in await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.AnyGroup(), cancellationToken)
                )
                {
                    if (
                        await scheduler.GetTrigger(key, cancellationToken) is { } trigger
                        && Earlier(trigger, tolerated) is { } earlier
                    )
                    {
                        await scheduler.RescheduleJob(key, earlier, cancellationToken);
                        Rescheduled(key.Name);
                    }
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                NotPutRight(scheduler.SchedulerName, failure); // its database is away: looked at again in a minute
            }
        }
    }

    /// <returns>The trigger from now on; null when its next time is no further ahead than its schedule says.</returns>
    private ITrigger? Earlier(ITrigger trigger, TimeSpan tolerated)
    {
        var now = clock.GetUtcNow();
        if (trigger is ISimpleTrigger { RepeatInterval: var interval })
        {
            return trigger.NextFireTimeUtc - now > interval + tolerated
                ? trigger.GetTriggerBuilder().StartAt(NextWhole(now, interval)).Build()
                : null;
        }

        var fresh = trigger.GetTriggerBuilder().StartAt(now).Build();
        return trigger.NextFireTimeUtc - fresh.GetFireTimeAfter(now) > tolerated ? fresh : null;
    }

    /// <summary>
    /// The next whole interval of the clock: the same for all processes, however many of them put a job right.
    /// </summary>
    private static DateTimeOffset NextWhole(DateTimeOffset now, TimeSpan interval) =>
        interval <= TimeSpan.Zero
            ? now
            : new DateTimeOffset(now.UtcTicks - (now.UtcTicks % interval.Ticks) + interval.Ticks, TimeSpan.Zero);

    [LoggerMessage(1010, LogLevel.Warning, "The machine's clock was set: it jumped by {Jump}.")]
    private partial void Jumped(TimeSpan jump);

    [LoggerMessage(
        1011,
        LogLevel.Information,
        "The job of {Trigger} goes on: its next time was further ahead than its schedule allows."
    )]
    private partial void Rescheduled(string trigger);

    [LoggerMessage(1012, LogLevel.Warning, "The schedule of {Scheduler} could not be looked at; it is tried again.")]
    private partial void NotPutRight(string scheduler, Exception failure);
}
