using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Hosting;

/// <summary>
/// Reads the data-protection keys when the server has begun to answer. The framework would do it before, and it is the
/// first use of Entity Framework, which takes as long as the rest of the start.
/// </summary>
internal sealed partial class WarmUp(
    IDataProtectionProvider protection,
    IHostApplicationLifetime lifetime,
    ILogger<WarmUp> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await lifetime.WaitForWorkTimeAsync(stoppingToken);
            protection.CreateProtector(nameof(WarmUp)).Protect([]);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            CannotRead(failure); // not the end: who needs them tries again, and /health/ready tells
        }
    }

    [LoggerMessage(1005, LogLevel.Error, "The data-protection keys cannot be read.")]
    private partial void CannotRead(Exception failure);
}

internal static class WarmUpModule
{
    /// <summary>To be called last: several modules of the framework bring the service that this takes away.</summary>
    public static IServiceCollection WarmUpLater(this IServiceCollection services)
    {
        foreach (
            var early in services
                .Where(service =>
                    service.ServiceType == typeof(IHostedService)
                    && service.ImplementationType?.Name == "DataProtectionHostedService"
                )
                .ToList()
        )
        {
            services.Remove(early);
        }

        return services.AddHostedService<WarmUp>();
    }
}
