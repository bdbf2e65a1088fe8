using Quartz;

namespace AuthServer.Mail;

/// <summary>Sends what is due. Every process may run it: each message is taken up by one.</summary>
[DisallowConcurrentExecution]
internal sealed class SendMailJob(SendMail send, MailWaker waker) : IJob
{
    public static readonly JobKey Key = new("send-mail", "mail");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        waker.Begun();
        await send.RunAsync(cancellationToken);
    }
}
