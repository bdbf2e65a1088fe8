using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

internal static class PasswordsModule
{
    public static IServiceCollection AddPasswords(this IServiceCollection services)
    {
        services.AddOptions<PasswordOptions>().BindConfiguration(PasswordOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PasswordOptions>, PasswordOptionsValidator>();
        services.AddSingleton<IValidateOptions<PasswordOptions>, PasswordCostValidator>();
        services.AddOptions<HashingOptions>().BindConfiguration(HashingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HashingOptions>, HashingOptionsValidator>();
        services.AddSingleton<PasswordHashes>();
        services.AddSingleton<PasswordHashQueue>();

        // Real time, whatever the clock says: hashes take it.
        services.AddSingleton(provider => new HashTimes(
            provider.GetRequiredService<IOptions<PasswordOptions>>(),
            TimeProvider.System
        ));
        services.AddSingleton(_ => new AnswerPadding(TimeProvider.System));
        return services;
    }
}
