using AuthServer.Accounts.Importing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace AuthServer.Accounts;

internal static class AccountsModule
{
    /// <summary>The policy of pages for administrators.</summary>
    public const string AdministratorPolicy = "Administrator";

    /// <summary>The policy of pages for support staff; administrators may open them too.</summary>
    public const string SupportPolicy = StaffIdentity.Policy;

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<SessionOptions>().BindConfiguration(SessionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SessionOptions>, SessionOptionsValidator>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<SessionReader>();
        services.AddScoped<Sessions>();
        services.AddSingleton<ConsentReader>();
        services.AddOptions<LogInLimitOptions>().BindConfiguration(LogInLimitOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LogInLimitOptions>, LogInLimitOptionsValidator>();
        services.AddSingleton<PasswordCheck>();
        services.AddSingleton<CommonPasswords>();
        services.AddSingleton<PasswordRules>();
        services.AddSingleton<ChoosePassword>();
        services.AddSingleton<KnownBrowsers>();
        services.AddSingleton<RecentHints>();
        services.AddSingleton<CarriedText>();
        services.AddScoped<Throttle>();
        services.AddScoped<PasswordLogIn>();
        services.AddScoped<LogInIdentifiers>();
        services.AddScoped<LogInAccounts>();
        services.AddScoped<PreviousEmails>();
        services.AddScoped<Posts>();
        services.AddScoped<Supervisions>();
        services.AddScoped<UsernameGenerator>();
        services.AddScoped<RegisterAccount>();
        services.AddScoped<DisableAccount>();
        services.AddScoped<RemoveAccount>();
        services.AddScoped<InviteAccount>();
        services.AddSingleton<InvitedApp>();
        services.AddScoped<SetPassword>();
        services.AddScoped<AccountRegister>();
        services.AddScoped<ImportPasswords>();
        services.AddScoped<ImportSupervisors>();
        services.AddScoped<ImportAccounts>();
        services.AddScoped<Consents>();
        services.AddScoped<OwnAccount>();
        services.AddScoped<IAccountDirectory, AccountDirectory>();
        services.AddScoped<IAccountAddresses, AccountAddresses>();
        services.AddScoped<IRecoverySessions, LinkLogIn>();
        services.AddSingleton<ITypedText, TypedText>();
        services.AddScoped<IHeldRecords, HeldRecords>();
        services
            .AddAuthentication(SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        services
            .AddAuthorizationBuilder()
            .AddPolicy(AdministratorPolicy, policy => policy.RequireRole(nameof(StaffRole.Administrator)))
            .AddPolicy(
                SupportPolicy,
                policy => policy.RequireRole(nameof(StaffRole.Support), nameof(StaffRole.Administrator))
            );
        return services;
    }
}
