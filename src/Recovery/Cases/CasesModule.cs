using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quartz;
using Recovery.Cases.Claim;
using Recovery.Cases.Release;

namespace Recovery.Cases;

internal static class CasesModule
{
    /// <summary>The person's side of support cases, and the waiting time.</summary>
    public static IServiceCollection AddCases(this IServiceCollection services)
    {
        services.AddOptions<CaseOptions>().BindConfiguration(CaseOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CaseOptions>, CaseOptionsValidator>();
        services.AddOptions<CaseLimitOptions>().BindConfiguration(CaseLimitOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CaseLimitOptions>, CaseLimitOptionsValidator>();
        services.AddScoped<CaseLimits>();
        services.AddScoped<CaseTerms>();
        services.AddScoped<Drafts>();
        services.AddScoped<ProveAddress>();
        services.AddScoped<CaseStatus>();
        services.AddScoped<IAnswerLinks, AnswerLinks>();
        services.AddScoped<AnswerQuestion>();
        services.AddScoped<LapseCases>();
        services.AddScoped<IWaitingTime, WaitingTime>();
        services.AddScoped<ReleaseCase>();
        services.AddSingleton<ObservedWaits>();
        services.AddSingleton<ReleaseDueCases>();
        services.AddScoped<ToldOfStop>();
        services.AddScoped<LateStop>();
        services.AddScoped<StopCase>();
        return services;
    }

    /// <summary>Releases every minute, closes what lapsed every ten, and writes to staff.</summary>
    public static IQuartzBuilder AddCaseJobs(this IQuartzBuilder quartz) =>
        quartz
            .ScheduleJob<ReleaseCasesJob>(trigger =>
                trigger.WithIdentity("release-cases", "recovery").WithCronSchedule("20 * * * * ?")
            )
            .ScheduleJob<LapseCasesJob>(trigger =>
                trigger.WithIdentity("lapse-cases", "recovery").WithCronSchedule("40 3/10 * * * ?")
            )
            .ScheduleJob<MailNewsJob>(trigger =>
                trigger.WithIdentity("mail-news", "recovery").WithCronSchedule("0 * * * * ?")
            )
            .ScheduleJob<MailSummariesJob>(trigger =>
                trigger.WithIdentity("mail-summaries", "recovery").WithCronSchedule("50 0/5 * * * ?")
            );
}
