using Quartz;

namespace AuthServer.Hosting;

/// <summary>
/// Quartz: runs the modules' jobs from the moment the server answers requests, and lets a running job finish when it stops.
/// Schedules are kept in memory: each job makes sure by itself that two processes do not do the same work.
/// </summary>
internal static class Jobs
{
    public static IServiceCollection AddJobs(this IServiceCollection services, Action<IQuartzBuilder> jobs) => services
        .AddQuartz(quartz =>
        {
            quartz.UseInMemoryStore();
            jobs(quartz);
        })
        .AddHostedService<JobsAfterStart>();
}

/// <summary>Builds the scheduler when the server listens already: nobody who asks for a page has to wait for it.</summary>
internal sealed partial class JobsAfterStart(
    ISchedulerFactory schedulers, IHostApplicationLifetime lifetime, ILogger<JobsAfterStart> logger) : BackgroundService
{
    private IScheduler? _scheduler;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_scheduler is not null)
        {
            await _scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            _scheduler = await schedulers.GetScheduler(stoppingToken);
            await _scheduler.Start(stoppingToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Keys that are never replaced are found out too late.
            CannotStart(failure);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(1004, LogLevel.Critical, "The jobs cannot be started; the server stops.")]
    private partial void CannotStart(Exception failure);
}
