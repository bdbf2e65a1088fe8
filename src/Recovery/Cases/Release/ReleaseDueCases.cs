using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Recovery.Ports;

namespace Recovery.Cases.Release;

/// <summary>Releases every case whose waiting time has passed, each in a unit of work of its own: one that fails holds up no other.</summary>
internal sealed partial class ReleaseDueCases(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ReleaseDueCases> logger)
{
    /// <summary>Cases in one run; the rest are due again at the next.</summary>
    private const int BatchSize = 200;

    /// <returns>How many were released.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var released = 0;
        foreach (var caseId in await DueAsync(cancellationToken))
        {
            await using var scope = scopes.CreateAsyncScope();
            try
            {
                var end = await scope.ServiceProvider.GetRequiredService<ReleaseCase>().ReleaseAsync(caseId, cancellationToken);
                released += end == Release.Done ? 1 : 0;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Failed(caseId, failure); // nothing of it was written: it is due again at the next run
            }
        }

        return released;
    }

    private async Task<IReadOnlyList<Guid>> DueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IRecoveryDb>().SupportCases
            .Where(c => c.State == CaseState.Approved && c.ReleaseAt <= now)
            .OrderBy(c => c.ReleaseAt)
            .Select(c => c.Id)
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
    }

    [LoggerMessage(3107, LogLevel.Error, "Support case {CaseId} could not be released; it will be tried again.")]
    private partial void Failed(Guid caseId, Exception failure);
}
