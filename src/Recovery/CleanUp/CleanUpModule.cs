using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quartz;
using Recovery.Cases;
using Recovery.Ports;
using Recovery.Requests;
using Recovery.ResetLinks;

namespace Recovery.CleanUp;

/// <summary>
/// The clean-up job, and recovery's own rows in it. A host adds its own as <see cref="ICleanedRows"/>.
/// </summary>
internal static class CleanUpModule
{
    public static IServiceCollection AddCleanUp(this IServiceCollection services)
    {
        services.AddOptions<CleanUpOptions>().BindConfiguration(CleanUpOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CleanUpOptions>, CleanUpOptionsValidator>();
        services.AddSingleton<CleanUpMeters>();
        services.AddSingleton<CleanUpRun>();
        services.AddScoped<ICleanedRows, DeadResetLinks>();
        services.AddScoped<ICleanedRows, DoneRequests>();
        services.AddScoped<ICleanedRows, AbandonedDrafts>();
        services.AddScoped<ICleanedRows, OldEvidence>();
        return services;
    }

    /// <summary>Schedules it, for a scheduler whose jobs one node at a time runs.</summary>
    public static IQuartzBuilder AddCleanUpJob(this IQuartzBuilder quartz) =>
        quartz.ScheduleJob<CleanUpJob>(
            (services, trigger) =>
            {
                var interval = services.GetRequiredService<IOptions<CleanUpOptions>>().Value.Interval;
                trigger
                    .WithIdentity("clean-up", "recovery")
                    .StartAt(Next(services.GetRequiredService<TimeProvider>().GetUtcNow(), interval))
                    .WithSimpleSchedule(schedule => schedule.WithInterval(interval).RepeatForever());
            },
            (_, job) => job.RequestRecovery()
        );

    /// <summary>
    /// The next whole interval of the clock: the same for all nodes, however often one of them starts.
    /// </summary>
    public static DateTimeOffset Next(DateTimeOffset now, TimeSpan interval) =>
        new(now.UtcTicks - (now.UtcTicks % interval.Ticks) + interval.Ticks, TimeSpan.Zero);
}
