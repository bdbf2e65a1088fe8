using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictExceptions;

namespace AuthServer.Clients;

/// <param name="ClientId">Which client.</param>
/// <param name="Actor">Who removes it: an account's id, or <c>command-line</c>.</param>
internal sealed record RemoveClientCommand(string ClientId, string Actor);

/// <summary>
/// Removes a client with its secrets, its grants and what people agreed to: nobody can log in to it any more, and its
/// tokens stop working. A code that was given to it is worth nothing to a later client of the same id, because it seals
/// the row's key.
/// </summary>
internal sealed class RemoveClient(AuthDbContext db, ClientApplicationManager applications, AuditTrail audit)
{
    /// <returns>False when there is no such client.</returns>
    public async Task<bool> HandleAsync(RemoveClientCommand command, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await TryAsync(command, cancellationToken);
            }
            catch (Exception e) when (e is ConcurrencyException or DbUpdateConcurrencyException)
            {
                db.ChangeTracker.Clear(); // changed or removed in this moment: read it again
            }
        }
    }

    private async Task<bool> TryAsync(RemoveClientCommand command, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await applications.FindFreshAsync(command.ClientId, cancellationToken) is not { } application)
        {
            return false;
        }

        audit.Record(AuditKinds.ClientRemoved, actor: command.Actor, clientId: command.ClientId);
        await applications.DeleteAsync(application, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
