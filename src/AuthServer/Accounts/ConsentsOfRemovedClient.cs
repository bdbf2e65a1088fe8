using AuthServer.Clients;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>Forgets what people agreed to for a client that is removed.</summary>
internal sealed class ConsentsOfRemovedClient(AuthDbContext db) : IRemovedWithClient
{
    public Task RemoveAsync(string clientId, Guid applicationId, CancellationToken cancellationToken) =>
        db.Consents.Where(consent => consent.ClientId == clientId).ExecuteDeleteAsync(cancellationToken);
}
