using Quartz;

namespace AuthServer.Data;

/// <summary>
/// Wakes a job of this process as soon as the work for it is committed (<see cref="AfterCommit"/>): people wait for it.
/// Other processes find the work at their next look, and so does this one when waking fails.
/// </summary>
internal abstract partial class JobWaker(
    JobKey job,
    ISchedulerFactory schedulers,
    IHostApplicationLifetime lifetime,
    ILogger logger
)
{
    private int _asked;

    /// <summary>Returns at once. Asking again before the job has begun changes nothing.</summary>
    public void Wake()
    {
        // A command makes work too, and ends; the server's job finds it.
        if (
            lifetime.ApplicationStarted.IsCancellationRequested
            && !lifetime.ApplicationStopping.IsCancellationRequested
            && Interlocked.Exchange(ref _asked, 1) == 0
        )
        {
            _ = Task.Run(TriggerAsync);
        }
    }

    /// <summary>The job has begun: what is committed from now on has to wake it again.</summary>
    public void Begun() => Volatile.Write(ref _asked, 0);

    private async Task TriggerAsync()
    {
        try
        {
            var scheduler = await schedulers.GetScheduler(lifetime.ApplicationStopping);
            await scheduler.TriggerJob(job, cancellationToken: lifetime.ApplicationStopping);
        }
        catch (Exception failure)
        {
            Begun();
            if (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                NotWoken(job.Name, failure);
            }
        }
    }

    [LoggerMessage(6101, LogLevel.Warning, "The job {Job} could not be woken; it looks by itself before long.")]
    private partial void NotWoken(string job, Exception failure);
}
