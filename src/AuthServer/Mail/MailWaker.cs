using AuthServer.Data;
using Quartz;

namespace AuthServer.Mail;

/// <summary>
/// Wakes this process's sender as soon as a message is committed. Others look every <see cref="MailOptions.Interval"/>.
/// </summary>
internal sealed class MailWaker(
    ISchedulerFactory schedulers,
    IHostApplicationLifetime lifetime,
    ILogger<MailWaker> logger
) : JobWaker(SendMailJob.Key, schedulers, lifetime, logger);
