using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Recovery.Requests;

internal static class RequestsModule
{
    /// <summary>Forgotten login details: asking, and answering by mail afterwards.</summary>
    public static IServiceCollection AddRequests(this IServiceCollection services)
    {
        services.AddOptions<RecoveryLimitOptions>().BindConfiguration(RecoveryLimitOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RecoveryLimitOptions>, RecoveryLimitOptionsValidator>();
        services.AddSingleton<RequestSignal>();
        services.AddScoped<AskForDetails>();
        services.AddScoped<RequestLimits>();
        services.AddScoped<AnswerRequest>();
        services.AddHostedService<RequestWorker>();
        return services;
    }
}
