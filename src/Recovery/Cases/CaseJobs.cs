using Quartz;
using Recovery.Cases.Claim;
using Recovery.Cases.Release;

namespace Recovery.Cases;

/// <summary>Releases cases whose waiting time has passed. Every process may run it: one of them wins each case.</summary>
[DisallowConcurrentExecution]
internal sealed class ReleaseCasesJob(ReleaseDueCases release) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await release.RunAsync(cancellationToken);
}

/// <summary>Closes forms and questions that nobody came back to.</summary>
[DisallowConcurrentExecution]
internal sealed class LapseCasesJob(LapseCases lapse) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await lapse.RunAsync(cancellationToken);
}
