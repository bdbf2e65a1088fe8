using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <param name="CreatedAt">When it began to work.</param>
/// <param name="ExpiresAt">When it stops; null: never.</param>
internal sealed record ListedSecret(DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <param name="Client">Its row.</param>
/// <param name="Secrets">Those that still work, oldest first; the secrets themselves are nowhere.</param>
internal sealed record ListedClient(Client Client, IReadOnlyList<ListedSecret> Secrets);

/// <summary>Reads clients from the database, for people who look after them.</summary>
internal sealed class ListClients(AuthDbContext db, TimeProvider clock)
{
    /// <summary>Every client, by id.</summary>
    public Task<List<Client>> AllAsync(CancellationToken cancellationToken) =>
        db.Clients.AsNoTracking().OrderBy(c => c.ClientId).ToListAsync(cancellationToken);

    /// <returns>Null when there is no such client.</returns>
    public async Task<ListedClient?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await db.Clients.AsNoTracking().SingleOrDefaultAsync(c => c.ClientId == clientId, cancellationToken) is not { } client)
        {
            return null;
        }

        var secrets = await db.ClientSecrets.AsNoTracking()
            .Where(s => s.ClientId == clientId && (s.ExpiresAt == null || s.ExpiresAt > now))
            .OrderBy(s => s.CreatedAt)
            .Select(s => new ListedSecret(s.CreatedAt, s.ExpiresAt))
            .ToListAsync(cancellationToken);
        return new ListedClient(client, secrets);
    }
}
