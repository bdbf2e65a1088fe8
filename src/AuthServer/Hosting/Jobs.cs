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
        .AddQuartzHostedService(host =>
        {
            host.WaitForJobsToComplete = true;
            host.AwaitApplicationStarted = true;
        });
}
