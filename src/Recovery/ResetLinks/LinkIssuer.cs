using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.ResetLinks;

/// <summary>A link that is to be made.</summary>
/// <param name="AccountId">Whose password it will set.</param>
/// <param name="Purpose">What it is for, and so how long it works.</param>
/// <param name="SentTo">The normalized address that it goes to.</param>
/// <param name="SecurityStamp">The account's: the link works while it is the same.</param>
internal sealed record LinkOrder(Guid AccountId, LinkPurpose Purpose, string SentTo, Guid SecurityStamp)
{
    /// <summary>The app to lead back to.</summary>
    public string? ClientId { get; init; }

    /// <summary>That app's sealed request.</summary>
    public string? Ticket { get; init; }

    /// <summary>The request or the support case that the link answers.</summary>
    public Guid? AnswersTo { get; init; }
}

/// <param name="Address">Absolute, with the token in its path. It goes into a mail, and nowhere else.</param>
/// <param name="Hash">SHA-256 of the token: the mail's trail knows the link by it.</param>
internal sealed record IssuedLink(string Address, DateTimeOffset ExpiresAt, byte[] Hash);

/// <summary>Makes links. The newest of an account wins: those before it are void.</summary>
internal sealed class LinkIssuer(
    IRecoveryDb db,
    IRecoveryHost host,
    IRecoveryAudit audit,
    IOptions<RecoveryOptions> options,
    TimeProvider clock
)
{
    private const string NextLinks = "next links";

    /// <summary>Accounts that are held one by one at most. An address rarely has more.</summary>
    private const int MostHeldEach = 8;

    /// <summary>Makes links inside the caller's transaction; the rows wait for its <c>SaveChangesAsync</c>.</summary>
    /// <param name="orders">One for each account.</param>
    /// <returns>In the order of <paramref name="orders"/>.</returns>
    public async Task<IReadOnlyList<IssuedLink>> IssueAsync(
        IReadOnlyList<LinkOrder> orders,
        CancellationToken cancellationToken
    )
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("Links are made inside a transaction only.");
        }

        var now = clock.GetUtcNow();
        Guid[] accounts = [.. orders.Select(order => order.AccountId).Order()];
        await HoldAsync(accounts, cancellationToken);
        var newest = await db
            .ResetLinks.Where(l => accounts.Contains(l.AccountId))
            .GroupBy(l => l.AccountId)
            .Select(links => new { links.Key, Generation = links.Max(l => l.Generation) })
            .ToDictionaryAsync(links => links.Key, links => links.Generation, cancellationToken);
        await db
            .ResetLinks.Where(l =>
                accounts.Contains(l.AccountId) && l.UsedAt == null && l.VoidedAt == null && l.ExpiresAt > now
            )
            .ExecuteUpdateAsync(
                set => set.SetProperty(l => l.VoidedAt, now).SetProperty(l => l.VoidedBecause, VoidReason.Replaced),
                cancellationToken
            );
        return [.. orders.Select(order => Add(order, newest.GetValueOrDefault(order.AccountId) + 1, now))];
    }

    // The last thing that is held: two that count the links of an account follow each other. A few accounts are held one
    // by one, always in the same order; many are held as a whole, because each lock takes a place in a table of
    // PostgreSQL's that is full at some thousands.
    private async Task HoldAsync(Guid[] accounts, CancellationToken cancellationToken)
    {
        if (accounts.Length > MostHeldEach)
        {
            await db.HoldAsync(NextLinks, cancellationToken);
            return;
        }

        await db.ShareAsync(NextLinks, cancellationToken);
        foreach (var account in accounts)
        {
            await db.HoldAsync($"next link of {account:N}", cancellationToken);
        }
    }

    private IssuedLink Add(LinkOrder order, int generation, DateTimeOffset now)
    {
        var (token, hash) = ResetToken.New();
        var expiresAt = now + options.Value.LifetimeOf(order.Purpose);
        db.ResetLinks.Add(
            new ResetLink
            {
                Id = Guid.CreateVersion7(now),
                AccountId = order.AccountId,
                Purpose = order.Purpose,
                TokenHash = hash,
                SentTo = order.SentTo,
                Generation = generation,
                SecurityStamp = order.SecurityStamp,
                CreatedAt = now,
                ExpiresAt = expiresAt,
                ClientId = order.ClientId,
                Ticket = order.Ticket,
                RequestId = order.AnswersTo,
            }
        );
        audit.Record(
            RecoveryAuditKinds.LinkSent,
            order.AccountId,
            detail: $"purpose={LinkPurposes.Word(order.Purpose)}"
        );
        return new IssuedLink(host.AbsoluteAddress($"{RecoveryPaths.ResetPassword}/{token}"), expiresAt, hash);
    }
}
