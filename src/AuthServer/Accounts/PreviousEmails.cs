using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>
/// Keeps the addresses that accounts had before: support cases are compared with them. The one writer of their table.
/// </summary>
internal sealed class PreviousEmails(AuthDbContext db, TimeProvider clock)
{
    /// <summary>Adds what is not there yet; the rows wait for the caller's <c>SaveChangesAsync</c>.</summary>
    /// <param name="emails">Account and address, as typed.</param>
    /// <returns>The accounts that something was added to.</returns>
    public async Task<IReadOnlySet<Guid>> AddAsync(
        IReadOnlyCollection<(Guid AccountId, string Email)> emails,
        CancellationToken cancellationToken
    )
    {
        if (emails.Count == 0)
        {
            return new HashSet<Guid>();
        }

        var now = clock.GetUtcNow();
        Guid[] accounts = [.. emails.Select(email => email.AccountId).Distinct()];
        var known = await db
            .PreviousEmails.AsNoTracking()
            .Where(e => accounts.Contains(e.AccountId))
            .Select(e => new { e.AccountId, e.Normalized })
            .ToHashSetAsync(cancellationToken);
        known.UnionWith(db.PreviousEmails.Local.Select(e => new { e.AccountId, e.Normalized })); // not saved yet
        var changed = new HashSet<Guid>();
        foreach (var (accountId, email) in emails)
        {
            var normalized = Identifier.Normalize(email);
            if (known.Add(new { AccountId = accountId, Normalized = normalized }))
            {
                db.PreviousEmails.Add(
                    new PreviousEmail
                    {
                        AccountId = accountId,
                        Normalized = normalized,
                        Email = email,
                        RecordedAt = now,
                    }
                );
                changed.Add(accountId);
            }
        }

        return changed;
    }
}
