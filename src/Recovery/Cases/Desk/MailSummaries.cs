using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>
/// Sends staff who asked for it a summary of the desk, once a day from <see cref="DeskOptions.SummaryTime"/> on. On a
/// day on which nothing waits there is none.
/// </summary>
internal sealed partial class MailSummaries(
    IRecoveryDb db,
    Subscribers subscribers,
    CaseFigures figures,
    IRecoveryMessenger messenger,
    IRecoveryHost host,
    IOptions<DeskOptions> options,
    TimeProvider clock,
    ILogger<MailSummaries> logger
)
{
    /// <returns>How many emails were queued.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var local = Words.InLondon(clock.GetUtcNow());
        if (local.TimeOfDay < options.Value.SummaryTime)
        {
            return 0;
        }

        var (today, sent) = (DateOnly.FromDateTime(local), 0);
        foreach (var officer in await subscribers.WithoutSummaryAsync(today, cancellationToken))
        {
            sent += await SendAsync(officer, today, cancellationToken) ? 1 : 0;
        }

        if (sent > 0)
        {
            Sent(sent);
        }

        return sent;
    }

    private async Task<bool> SendAsync(Subscriber officer, DateOnly today, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // The gate: of several processes one sends it.
        if (
            await db
                .DeskSubscriptions.Where(s =>
                    s.AccountId == officer.Id && s.Daily && (s.SummarySentOn == null || s.SummarySentOn != today)
                )
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.SummarySentOn, today), cancellationToken) == 0
        )
        {
            return false;
        }

        var now = await figures.ReadAsync(officer.Id, cancellationToken);
        if (now.Waiting + now.Alarms > 0)
        {
            await messenger.QueueAsync(
                officer.Email,
                new RecoveryMessage.DeskSummary(
                    now,
                    host.AbsoluteAddress(DeskPaths.List),
                    host.AbsoluteAddress(DeskPaths.Emails)
                ),
                new MessageSubject(officer.Id),
                cancellationToken
            );
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return now.Waiting + now.Alarms > 0;
    }

    [LoggerMessage(3154, LogLevel.Information, "Queued {Emails} summaries of the support desk to staff.")]
    private partial void Sent(int emails);
}
