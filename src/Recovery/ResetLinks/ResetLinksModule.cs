using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Recovery.Pages;

namespace Recovery.ResetLinks;

internal static class ResetLinksModule
{
    /// <summary>Links to choose a password: made, read, spent.</summary>
    public static IServiceCollection AddResetLinks(this IServiceCollection services)
    {
        services.AddOptions<RecoveryOptions>().BindConfiguration(RecoveryOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RecoveryOptions>, RecoveryOptionsValidator>();
        services.AddScoped<LinkIssuer>();
        services.AddScoped<LinkReader>();
        services.AddScoped<LinkRedeemer>();
        services.AddScoped<ICaseLinks, CaseLinks>();
        services.AddScoped<IInvitations, Invitations>();
        services.AddSingleton<StrengthLimit>();
        services.AddScoped<SayStrength>();
        services.AddScoped<LeadBack>();
        return services;
    }
}
