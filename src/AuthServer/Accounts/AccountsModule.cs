using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

internal static class AccountsModule
{
    /// <summary>The policy of pages for administrators.</summary>
    public const string AdministratorPolicy = "Administrator";

    /// <summary>The policy of pages for support staff; administrators may open them too.</summary>
    public const string SupportPolicy = "Support";

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<SessionOptions>().BindConfiguration(SessionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SessionOptions>, SessionOptionsValidator>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<SessionReader>();
        services.AddScoped<Sessions>();
        services.AddSingleton<ConsentReader>();
        services.AddScoped<PasswordLogIn>();
        services.AddAuthentication(SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(AdministratorPolicy, policy => policy.RequireRole(nameof(StaffRole.Administrator)))
            .AddPolicy(SupportPolicy, policy => policy.RequireRole(nameof(StaffRole.Support), nameof(StaffRole.Administrator)));
        return services;
    }
}
