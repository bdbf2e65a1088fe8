using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>Keeps which emails about cases a member of staff wants.</summary>
internal sealed class DeskEmails(IRecoveryDb db, IHeldRecords held, IOptions<DeskOptions> options, TimeProvider clock)
{
    public async Task<WantedEmails> ReadAsync(Officer officer, CancellationToken cancellationToken)
    {
        var email = (await held.ReferencesAsync([officer.Id], cancellationToken)).GetValueOrDefault(officer.Id)?.Email;
        var wanted = await db
            .DeskSubscriptions.AsNoTracking()
            .SingleOrDefaultAsync(s => s.AccountId == officer.Id, cancellationToken);
        return new WantedEmails(email, wanted?.News ?? NewsWanted.None, wanted?.Daily ?? false);
    }

    public async Task SaveAsync(Officer officer, NewsWanted news, bool daily, CancellationToken cancellationToken)
    {
        var local = Words.InLondon(clock.GetUtcNow());
        // The first comes tomorrow.
        DateOnly? sentOn = local.TimeOfDay < options.Value.SummaryTime ? null : DateOnly.FromDateTime(local);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.HoldAsync($"emails about cases to {officer.Id}", cancellationToken);
        var kept = await db.DeskSubscriptions.SingleOrDefaultAsync(s => s.AccountId == officer.Id, cancellationToken);
        if (kept is null)
        {
            db.DeskSubscriptions.Add(
                new DeskSubscription
                {
                    AccountId = officer.Id,
                    News = news,
                    Daily = daily,
                    SummarySentOn = sentOn,
                }
            );
        }
        else
        {
            kept.SummarySentOn = kept.Daily ? kept.SummarySentOn : sentOn;
            (kept.News, kept.Daily) = (news, daily);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

/// <param name="Email">Where they go; null: no address of the officer is confirmed, and none can be sent.</param>
/// <param name="Daily">A summary every day.</param>
internal sealed record WantedEmails(string? Email, NewsWanted News, bool Daily);
