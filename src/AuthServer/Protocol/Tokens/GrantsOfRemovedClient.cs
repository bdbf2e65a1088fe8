using AuthServer.Clients;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Protocol.Tokens;

/// <summary>Revokes every grant of a client that is removed. The rows stay until they expire: they are the codes' single-use gate.</summary>
internal sealed class GrantsOfRemovedClient(AuthDbContext db, TimeProvider clock) : IRemovedWithClient
{
    public Task RemoveAsync(string clientId, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        return db.Grants
            .Where(grant => grant.ClientId == clientId && grant.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.RevokedAt, now), cancellationToken);
    }
}
