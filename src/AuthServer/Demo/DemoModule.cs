using Microsoft.Extensions.Options;

namespace AuthServer.Demo;

/// <summary>
/// The key <c>Demo</c>: demo people and a demo app, so that a newcomer sees the main job after one command.
/// </summary>
public sealed class DemoOptions
{
    /// <summary>
    /// Default false; true is for Development alone, because everybody knows the demo people's passwords.
    /// </summary>
    public bool Demo { get; set; }
}

internal sealed class DemoRules(IHostEnvironment environment) : IValidateOptions<DemoOptions>
{
    public ValidateOptionsResult Validate(string? name, DemoOptions options) =>
        options.Demo && !environment.IsDevelopment()
            ? ValidateOptionsResult.Fail(
                "Demo must not be true outside Development: everybody knows the demo people's passwords. Remove it."
            )
            : ValidateOptionsResult.Success;
}

internal static class DemoModule
{
    public static IServiceCollection AddDemo(
        this IServiceCollection services,
        IConfiguration configuration,
        IHostEnvironment environment
    )
    {
        services.AddOptions<DemoOptions>().Bind(configuration).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DemoOptions>, DemoRules>();
        services.AddSingleton<DemoVisits>();
        services.AddSingleton<RelyingParty>();

        // What cannot be read as true is told at start, by the options above.
        if (environment.IsDevelopment() && bool.TryParse(configuration["Demo"], out var demo) && demo)
        {
            services.AddScoped<DemoCases>();
            services.AddHostedService<DemoData>();
        }

        return services;
    }
}
