using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>What people have agreed that apps may have: the one writer of their table. <see cref="ConsentReader"/> reads it.</summary>
internal sealed class Consents(AuthDbContext db, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Adds scopes to what was agreed before. Two agreements at once are both kept.</summary>
    public async Task GiveAsync(Guid accountId, string clientId, IEnumerable<string> scopes, CancellationToken cancellationToken)
    {
        string[] given = [.. scopes.Distinct()];
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await MergeAsync(accountId, clientId, given, cancellationToken);
        audit.Record(AuditKinds.ConsentGiven, accountId, clientId: clientId, detail: $"scopes={string.Join(' ', given)}");
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task MergeAsync(Guid accountId, string clientId, string[] given, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The row first, then a guarded update: whoever was first, the other sees what it wrote.
            var now = clock.GetUtcNow();
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO consents (account_id, client_id, scopes, given_at) SELECT id, {clientId}, '', created_at FROM accounts WHERE id = {accountId} ON CONFLICT DO NOTHING",
                cancellationToken);
            var mine = db.Consents.Where(c => c.AccountId == accountId && c.ClientId == clientId);
            var before = await mine.Select(c => c.Scopes).SingleAsync(cancellationToken);
            var after = string.Join(' ', Split(before).Union(given).Order(StringComparer.Ordinal));
            var updated = await mine.Where(c => c.Scopes == before).ExecuteUpdateAsync(
                set => set.SetProperty(c => c.Scopes, after).SetProperty(c => c.GivenAt, now), cancellationToken);
            if (updated == 1)
            {
                return;
            }
        }
    }

    private static string[] Split(string scopes) => scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
