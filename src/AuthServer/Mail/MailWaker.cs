using Quartz;

namespace AuthServer.Mail;

/// <summary>
/// Wakes the sender of this process as soon as a message is committed: people wait for it. Other processes find it at their
/// next look (<see cref="MailOptions.Interval"/>), and so does this one when waking fails.
/// </summary>
internal sealed partial class MailWaker(
    ISchedulerFactory schedulers, IHostApplicationLifetime lifetime, ILogger<MailWaker> logger)
{
    private int _asked;

    /// <summary>Returns at once. Asking again before the sender has begun changes nothing.</summary>
    public void Wake()
    {
        // A command writes to the outbox too, and ends; the server's sender finds it.
        if (lifetime.ApplicationStarted.IsCancellationRequested
            && !lifetime.ApplicationStopping.IsCancellationRequested
            && Interlocked.Exchange(ref _asked, 1) == 0)
        {
            _ = Task.Run(TriggerAsync);
        }
    }

    /// <summary>The sender has begun: what is committed from now on has to wake it again.</summary>
    public void Begun() => Volatile.Write(ref _asked, 0);

    private async Task TriggerAsync()
    {
        try
        {
            var scheduler = await schedulers.GetScheduler(lifetime.ApplicationStopping);
            await scheduler.TriggerJob(SendMailJob.Key, cancellationToken: lifetime.ApplicationStopping);
        }
        catch (Exception failure)
        {
            Begun();
            if (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                NotWoken(failure);
            }
        }
    }

    [LoggerMessage(6101, LogLevel.Warning, "The sender of mail could not be woken; it looks by itself before long.")]
    private partial void NotWoken(Exception failure);
}
