using Quartz;

namespace AuthServer.Hosting;

/// <summary>
/// Quartz: runs the modules' jobs when the server answers requests, and lets a running job finish when it stops.
/// There are two schedulers: one that every process has for itself, and one that all processes share.
/// </summary>
internal static class Jobs
{
    /// <summary>
    /// The name of the shared scheduler: processes that use the same name on the same database share its jobs.
    /// </summary>
    public const string Shared = "shared";

    /// <param name="everywhere">Jobs that every process runs, side by side with the others.</param>
    /// <param name="once">Where their schedule is kept, and the jobs that one process at a time runs.</param>
    public static IServiceCollection AddJobs(
        this IServiceCollection services,
        Action<IQuartzBuilder> everywhere,
        Action<IQuartzBuilder> once
    ) =>
        services
            .AddQuartz(quartz =>
            {
                quartz.UseInMemoryStore();
                everywhere(quartz);
            })
            .AddQuartz(Shared, once)
            .AddSingleton<ClockJumps>()
            .AddHostedService<JobsAfterStart>();
}

/// <summary>
/// Builds the schedulers when the server listens already: nobody who asks for a page has to wait for them.
/// </summary>
internal sealed partial class JobsAfterStart(
    ISchedulerFactory factory,
    ClockJumps jumps,
    IHostApplicationLifetime lifetime,
    ILogger<JobsAfterStart> logger
) : BackgroundService
{
    /// <summary>A job that takes longer is cut off and done again by the next run.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);

    private readonly List<IScheduler> _schedulers = [];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            // A scheduler that has lost its database tries again for ever and does not hear that the time to stop is
            // over.
            await Task.WhenAll(
                    _schedulers.Select(scheduler =>
                        scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken).AsTask()
                    )
                )
                .WaitAsync(LongestStop, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            NotStopped();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await lifetime.WaitForWorkTimeAsync(stoppingToken);
            await StartAsync(await factory.GetScheduler(stoppingToken), stoppingToken);
            await StartAsync(
                await factory.LookupScheduler(Jobs.Shared, stoppingToken)
                    ?? throw new InvalidOperationException("There is no shared scheduler."),
                stoppingToken
            );
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Keys that are never replaced are found out too late.
            CannotStart(failure);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
            return;
        }

        await jumps.WatchAsync(_schedulers, stoppingToken);
    }

    private async Task StartAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        _schedulers.Add(scheduler);
        await scheduler.Start(cancellationToken);
    }

    [LoggerMessage(1004, LogLevel.Critical, "The jobs cannot be started; the server stops.")]
    private partial void CannotStart(Exception failure);

    [LoggerMessage(1009, LogLevel.Warning, "The jobs did not stop in time; the server stops without them.")]
    private partial void NotStopped();
}
