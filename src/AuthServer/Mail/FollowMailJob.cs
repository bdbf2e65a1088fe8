using Quartz;

namespace AuthServer.Mail;

/// <summary>
/// Asks what became of messages that were taken. Every process may run it: each question is asked by one.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class FollowMailJob(FollowMail follow) : IJob
{
    public static readonly JobKey Key = new("follow-mail", "mail");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await follow.RunAsync(cancellationToken);
}
