using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace AuthServer.CleanUp;

/// <summary>What the host adds to recovery's clean-up job.</summary>
internal static class CleanUpModule
{
    public static IServiceCollection AddHostCleanUp(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>();
        services.AddScoped<ICleanedRows, ExpiredGrants>();
        services.AddScoped<ICleanedRows, RevokedGrants>();
        services.AddScoped<ICleanedRows, ExpiredTokens>();
        services.AddScoped<ICleanedRows, EndedSessions>();
        services.AddScoped<ICleanedRows, SettledMail>();
        services.AddScoped<ICleanedRows, SpentThrottles>();
        return services;
    }
}
