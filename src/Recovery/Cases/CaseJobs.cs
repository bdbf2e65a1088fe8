using Quartz;
using Recovery.Cases.Claim;
using Recovery.Cases.Desk;
using Recovery.Cases.Release;

namespace Recovery.Cases;

/// <summary>
/// Releases cases whose waiting time has passed. Every process may run it: one of them wins each case.
/// </summary>
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

/// <summary>Tells staff who asked for it what is new on the desk.</summary>
[DisallowConcurrentExecution]
internal sealed class MailNewsJob(MailNews news) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await news.RunAsync(cancellationToken);
}

/// <summary>
/// Sends staff who asked for it the summary of the day. It looks often, so that a server that was down at the time
/// still does.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class MailSummariesJob(MailSummaries summaries) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await summaries.RunAsync(cancellationToken);
}
