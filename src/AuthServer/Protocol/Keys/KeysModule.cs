using Microsoft.Extensions.Options;
using Quartz;

namespace AuthServer.Protocol.Keys;

internal static class KeysModule
{
    public static IServiceCollection AddSigningKeys(this IServiceCollection services)
    {
        services.AddOptions<KeyOptions>().BindConfiguration(KeyOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<KeyOptions>, KeyOptionsValidator>();
        services.AddSingleton<SigningKeyRing>();
        services.AddScoped<SigningKeys>();
        services.AddHostedService<OpenKeysAtStart>();
        services.AddHealthChecks().AddCheck<SigningKeysHealth>("keys", tags: ["ready"]);
        return services;
    }

    /// <summary>Looks after the keys every hour.</summary>
    public static IQuartzBuilder AddKeyJobs(this IQuartzBuilder quartz) =>
        quartz.ScheduleJob<RotateSigningKeysJob>(trigger =>
            trigger.WithIdentity("rotate-signing-keys", "protocol").WithCronSchedule("0 7 * * * ?")
        );
}
