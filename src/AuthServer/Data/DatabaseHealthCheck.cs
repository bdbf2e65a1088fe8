using System.Data.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthServer.Data;

/// <summary>Well when the database answers and its schema is current. Asked by anybody, so the answer is kept for a second.</summary>
internal sealed class DatabaseHealthCheck(Schema schema, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private Known? _known;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (_known is not { } known || clock.GetElapsedTime(known.At) >= Freshness)
        {
            _known = known = new Known(await AskAsync(cancellationToken), clock.GetTimestamp());
        }

        return known.Result;
    }

    private async Task<HealthCheckResult> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await schema.PendingAsync(cancellationToken) is { Count: > 0 } pending
                ? HealthCheckResult.Unhealthy($"The schema lacks {pending[0]}.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", e);
        }
    }

    private sealed record Known(HealthCheckResult Result, long At);
}
