using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Clients;

/// <param name="ClientId">Which client.</param>
/// <param name="Actor">Who removes it: an account's id, or <c>command-line</c>.</param>
internal sealed record RemoveClientCommand(string ClientId, string Actor);

/// <summary>
/// Removes a client with its secrets, its grants and what people agreed to: nobody can log in to it any more, and its tokens
/// stop working.
/// </summary>
internal sealed class RemoveClient(
    AuthDbContext db, AuditTrail audit, IEnumerable<IRemovedWithClient> others, ClientDirectory directory)
{
    /// <returns>False when there is no such client.</returns>
    public async Task<bool> HandleAsync(RemoveClientCommand command, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.ClientSecrets.Where(s => s.ClientId == command.ClientId).ExecuteDeleteAsync(cancellationToken);
        if (await db.Clients.Where(c => c.ClientId == command.ClientId).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return false;
        }

        foreach (var rows in others)
        {
            await rows.RemoveAsync(command.ClientId, RegisteredClient.KeyOf(command.ClientId), cancellationToken);
        }

        audit.Record(AuditKinds.ClientRemoved, actor: command.Actor, clientId: command.ClientId);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        directory.Forget(command.ClientId);
        return true;
    }
}
