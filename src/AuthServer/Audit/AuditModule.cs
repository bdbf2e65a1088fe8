using Recovery.Ports;

namespace AuthServer.Audit;

internal static class AuditModule
{
    public static IServiceCollection AddAudit(this IServiceCollection services) =>
        services.AddScoped<AuditTrail>().AddScoped<IRecoveryAudit, RecoveryAudit>();
}
