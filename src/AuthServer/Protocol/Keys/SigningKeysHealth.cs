using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthServer.Protocol.Keys;

/// <summary>Ready means that tokens can be signed with every algorithm.</summary>
internal sealed class SigningKeysHealth(SigningKeyRing ring) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        foreach (var algorithm in KeySchedule.Algorithms)
        {
            await ring.SigningCredentialsAsync(algorithm, cancellationToken);
        }

        return HealthCheckResult.Healthy();
    }
}
