using AuthServer.Clients;
using AuthServer.Data;

namespace AuthServer.Protocol.Tokens;

/// <summary>Revokes every grant of a client that is removed. The rows stay until they expire: they are the codes' single-use gate.</summary>
internal sealed class GrantsOfRemovedClient(AuthDbContext db, Grants grants) : IRemovedWithClient
{
    public Task RemoveAsync(string clientId, Guid applicationId, CancellationToken cancellationToken) =>
        grants.RevokeAllAsync(db.Authorizations.Where(a => a.ApplicationId == applicationId), cancellationToken);
}
