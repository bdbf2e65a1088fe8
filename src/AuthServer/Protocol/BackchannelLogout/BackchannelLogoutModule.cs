using AuthServer.Accounts;
using Microsoft.Extensions.Options;
using Quartz;

namespace AuthServer.Protocol.BackchannelLogout;

internal static class BackchannelLogoutModule
{
    public static void AddBackchannelLogout(this IServiceCollection services)
    {
        services
            .AddOptions<BackchannelLogoutOptions>()
            .BindConfiguration(BackchannelLogoutOptions.Section)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<BackchannelLogoutOptions>, BackchannelLogoutOptionsValidator>();
        services.AddAppCalls();
        services.AddSingleton<LogoutWaker>();
        services.AddSingleton<LogoutTokens>();
        services.AddSingleton<SendLogoutNotices>();
        services.AddScoped<LogoutNotices>();
        services.AddScoped<ISessionEnds>(provider => provider.GetRequiredService<LogoutNotices>());
    }

    /// <summary>Looks for notices every few seconds; those of this process wake it.</summary>
    public static IQuartzBuilder AddLogoutJobs(this IQuartzBuilder quartz) =>
        quartz.ScheduleJob<SendLogoutNoticesJob>(
            (provider, trigger) =>
                trigger
                    .WithIdentity("send-logout-notices", "protocol")
                    .WithSimpleSchedule(schedule =>
                        schedule
                            .WithInterval(
                                provider.GetRequiredService<IOptions<BackchannelLogoutOptions>>().Value.Interval
                            )
                            .RepeatForever()
                    ),
            (_, job) => job.WithIdentity(SendLogoutNoticesJob.Key)
        );
}
