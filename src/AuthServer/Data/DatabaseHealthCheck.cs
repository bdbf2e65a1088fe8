using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthServer.Data;

/// <summary>
/// Well when the schema is current, the database can be written to, and its sealed keys can be opened here. The address
/// is public, so the database is asked at most once a second, however many ask for it.
/// </summary>
internal sealed class DatabaseHealthCheck(Schema schema, HotSql sql, SealedKeys keys, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Asked? _last;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        lock (_lock)
        {
            // One answer for all who ask while it is being found, and for a second from its beginning.
            if (_last is not { } last || (last.Answer.IsCompleted && clock.GetElapsedTime(last.At) >= Freshness))
            {
                _last = last = new Asked(Task.Run(AskAsync, CancellationToken.None), clock.GetTimestamp());
            }

            return last.Answer.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthCheckResult> AskAsync()
    {
        try
        {
            if (await schema.PendingAsync(CancellationToken.None) is { Count: > 0 } pending)
            {
                return HealthCheckResult.Unhealthy($"The schema lacks {pending[0]}.");
            }

            await sql.TryWriteAsync(CancellationToken.None);
            return await keys.ProblemAsync(CancellationToken.None) is { } problem
                ? HealthCheckResult.Unhealthy(problem)
                : HealthCheckResult.Healthy();
        }
        catch (Exception failure)
        {
            return HealthCheckResult.Unhealthy("The database cannot be used.", failure);
        }
    }

    private sealed record Asked(Task<HealthCheckResult> Answer, long At);
}
