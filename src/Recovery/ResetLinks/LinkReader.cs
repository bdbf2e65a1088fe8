using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.ResetLinks;

/// <summary>A link that has done its work.</summary>
/// <param name="Username">Of the account whose password it set.</param>
internal sealed record SpentLink(ResetLink Link, string Username);

/// <summary>Finds what a token from a link is worth, and notes that it was opened. Nothing is spent by that.</summary>
internal sealed class LinkReader(
    IRecoveryDb db,
    IAccountDirectory accounts,
    IRecoveryMessenger messenger,
    IOptions<RecoveryOptions> options,
    TimeProvider clock
)
{
    /// <summary>How long the page after a reset knows what it is about.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromHours(1);

    /// <summary>
    /// Reads a link whose page is asked for, and notes that it was, dead or alive: staff see that the mail has arrived.
    /// </summary>
    /// <param name="token">As it stood in the address.</param>
    public async Task<LinkState> OpenAsync(string? token, CancellationToken cancellationToken)
    {
        if (ResetToken.HashOf(token) is { } hash)
        {
            await messenger.NoteOpenedAsync(hash, cancellationToken);
        }

        return await ReadAsync(token, cancellationToken);
    }

    /// <param name="token">As it stood in the address or the form.</param>
    public async Task<LinkState> ReadAsync(string? token, CancellationToken cancellationToken)
    {
        if (ResetToken.HashOf(token) is not { } hash)
        {
            return new LinkState.Dead(LinkDeath.Unknown, null, null);
        }

        // The link is read before its account. When the account is another one by then, whatever changed it may have
        // spent the link in the same transaction, so the link is read once more.
        var state = await JudgeAsync(hash, cancellationToken);
        return state is LinkState.Dead { Why: LinkDeath.AccountSecured or LinkDeath.AddressChanged }
            ? await JudgeAsync(hash, cancellationToken)
            : state;
    }

    private async Task<LinkState> JudgeAsync(byte[] hash, CancellationToken cancellationToken)
    {
        if (
            await db.ResetLinks.AsNoTracking().SingleOrDefaultAsync(l => l.TokenHash == hash, cancellationToken)
            is not { } link
        )
        {
            return new LinkState.Dead(LinkDeath.Unknown, null, null);
        }

        var newerFrom = await db
            .ResetLinks.Where(l => l.AccountId == link.AccountId && l.Generation > link.Generation)
            .OrderBy(l => l.Generation)
            .Select(l => (DateTimeOffset?)l.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
        var account = await accounts.FindByIdAsync(link.AccountId, cancellationToken);
        var now = clock.GetUtcNow();
        await ClampAsync(link, now, cancellationToken);
        return LinkState.Of(link, account, newerFrom, now);
    }

    /// <summary>
    /// A link that was made by a clock that ran ahead works for as long as any other, from the first look at it on. It
    /// is not shortened by a server whose own clock is behind.
    /// </summary>
    private async Task ClampAsync(ResetLink link, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var latest = now + options.Value.LifetimeOf(link.Purpose);
        if (
            link.ExpiresAt > latest + Clocks.MostApart
            && await db.NowAsync(cancellationToken) - now <= Clocks.MostApart
        )
        {
            link.ExpiresAt = latest;
            await db
                .ResetLinks.Where(l => l.Id == link.Id && l.ExpiresAt > latest)
                .ExecuteUpdateAsync(set => set.SetProperty(l => l.ExpiresAt, latest), cancellationToken);
        }
    }

    /// <summary>The link that was spent a moment ago, for the page that comes next.</summary>
    /// <returns>Null when it was not, or longer ago.</returns>
    public async Task<SpentLink?> FindSpentAsync(Guid id, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - Shown;
        return
            await db
                .ResetLinks.AsNoTracking()
                .SingleOrDefaultAsync(l => l.Id == id && l.UsedAt >= since, cancellationToken)
                is { } link
            && await accounts.FindByIdAsync(link.AccountId, cancellationToken) is { } account
            ? new SpentLink(link, account.Username)
            : null;
    }
}
