using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>
/// Writes to staff who asked for it what is new on the desk: one email a run to each, however many cases there are, so
/// that a flood of cases is not a flood of emails. It names references only, and no case that its reader may not open.
/// </summary>
internal sealed partial class MailNews(
    IRecoveryDb db,
    ConcernedAccounts concerned,
    Subscribers subscribers,
    IRecoveryMessenger messenger,
    IRecoveryHost host,
    ILogger<MailNews> logger
)
{
    /// <summary>Cases in one run; the rest are due again at the next.</summary>
    private const int MostCases = 100;

    /// <summary>Cases that one email names; of the others it gives the number.</summary>
    private const int MostNamed = 20;

    /// <returns>How many emails were queued.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!await db.SupportCases.AnyAsync(c => c.NewsToMailAt != null, cancellationToken))
        {
            return 0;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.HoldAsync("news of support cases", cancellationToken);
        var fresh = await TakeAsync(cancellationToken);
        var accounts = await concerned.OfAsync(fresh, cancellationToken);
        var sent = 0;
        foreach (var (officer, wanted) in await subscribers.WithNewsAsync(cancellationToken))
        {
            var theirs = fresh
                .Where(c => wanted == NewsWanted.All || c.AssignedTo == officer.Id)
                .Where(c => CaseBars.For(officer.AsOfficer, accounts[c.Id]) is null)
                .ToList();
            if (theirs.Count > 0)
            {
                await messenger.QueueAsync(
                    officer.Email,
                    Message(theirs),
                    new MessageSubject(officer.Id),
                    cancellationToken
                );
                sent++;
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Told(fresh.Count, sent);
        return sent;
    }

    /// <summary>Takes what is due. What the person sends meanwhile, or staff act on, is another update's.</summary>
    private async Task<IReadOnlyList<SupportCase>> TakeAsync(CancellationToken cancellationToken)
    {
        var due = await db
            .SupportCases.AsNoTracking()
            .Where(c => c.NewsToMailAt != null)
            .OrderBy(c => c.NewsToMailAt)
            .Take(MostCases)
            .ToListAsync(cancellationToken);
        var taken = new List<SupportCase>();
        foreach (var support in due)
        {
            if (
                await db
                    .SupportCases.Where(c => c.Id == support.Id && c.NewsToMailAt == support.NewsToMailAt)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(c => c.NewsToMailAt, (DateTimeOffset?)null),
                        cancellationToken
                    ) == 1
            )
            {
                taken.Add(support);
            }
        }

        return taken;
    }

    private RecoveryMessage.DeskNews Message(List<SupportCase> cases) =>
        new(
            [.. cases.Take(MostNamed).Select(c => new DeskNewsItem(c.Reference, c.News ?? CaseNews.Opened))],
            Math.Max(0, cases.Count - MostNamed),
            host.AbsoluteAddress(cases is [var only] ? DeskPaths.Case(only.Reference) : DeskPaths.List),
            host.AbsoluteAddress(DeskPaths.Emails)
        );

    [LoggerMessage(3153, LogLevel.Information, "Queued {Emails} emails to staff about news of {Cases} support cases.")]
    private partial void Told(int cases, int emails);
}
