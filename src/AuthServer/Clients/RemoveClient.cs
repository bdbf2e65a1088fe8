using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <param name="ClientId">Which client.</param>
/// <param name="Actor">Who removes it: an account's id, or <c>command-line</c>.</param>
internal sealed record RemoveClientCommand(string ClientId, string Actor);

/// <summary>
/// Removes a client and its secrets. Nobody can log in to it any more and its tokens stop working; grants and consents that
/// are left are older than any client that is registered under the same id later, and so are not that client's
/// (<see cref="RegisteredClient.RegisteredAt"/>).
/// </summary>
internal sealed class RemoveClient(AuthDbContext db, AuditTrail audit, ClientDirectory directory)
{
    /// <returns>False when there is no such client.</returns>
    public async Task<bool> HandleAsync(RemoveClientCommand command, CancellationToken cancellationToken)
    {
        if (await db.Clients.SingleOrDefaultAsync(c => c.ClientId == command.ClientId, cancellationToken) is not { } client)
        {
            return false;
        }

        db.ClientSecrets.RemoveRange(
            await db.ClientSecrets.Where(s => s.ClientId == command.ClientId).ToListAsync(cancellationToken));
        db.Clients.Remove(client);
        audit.Record(AuditKinds.ClientRemoved, actor: command.Actor, clientId: command.ClientId);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return false; // somebody else was quicker
        }

        directory.Forget(command.ClientId);
        return true;
    }
}
