using AuthServer.Data;
using Quartz;

namespace AuthServer.Protocol.BackchannelLogout;

/// <summary>Sends what is due. Every process runs it: each notice is taken up by one.</summary>
[DisallowConcurrentExecution]
internal sealed class SendLogoutNoticesJob(SendLogoutNotices send, LogoutWaker waker) : IJob
{
    public static readonly JobKey Key = new("send-logout-notices", "protocol");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        waker.Begun();
        await send.RunAsync(cancellationToken);
    }
}

/// <summary>Wakes this process's sender as soon as a session's end is committed.</summary>
internal sealed class LogoutWaker(
    ISchedulerFactory schedulers,
    IHostApplicationLifetime lifetime,
    ILogger<LogoutWaker> logger
) : JobWaker(SendLogoutNoticesJob.Key, schedulers, lifetime, logger);
