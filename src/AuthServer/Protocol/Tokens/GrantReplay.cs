using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Protocol.Tokens;

/// <summary>
/// Ends a grant of which a code or refresh token was used again: somebody else holds a copy (RFC 6749 §4.1.2, RFC 9700
/// §4.14.2). The audit event is written in the same transaction.
/// </summary>
internal sealed partial class GrantReplay(IServiceScopeFactory scopes, ILogger<GrantReplay> logger)
{
    /// <param name="grantId">The grant; nothing happens when it was revoked before.</param>
    /// <param name="clientId">The app that showed it.</param>
    /// <param name="what"><c>code</c> or <c>refresh_token</c>.</param>
    public async Task RevokeAsync(Guid grantId, string clientId, string what)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var grants = scope.ServiceProvider.GetRequiredService<Grants>();
        var audit = scope.ServiceProvider.GetRequiredService<AuditTrail>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await grants.RevokeAllAsync(db.Authorizations.Where(a => a.Id == grantId), CancellationToken.None) > 0)
        {
            var accountId = await db.Authorizations.Where(a => a.Id == grantId).Select(a => a.AccountId).SingleAsync();
            audit.Record(
                AuditKinds.GrantReplayed,
                accountId,
                clientId: clientId,
                detail: $"what={what} grant={grantId}"
            );
            await db.SaveChangesAsync();
            Replayed(what, grantId, clientId);
        }

        await transaction.CommitAsync();
    }

    [LoggerMessage(2201, LogLevel.Warning, "A {What} was used again: revoked grant {GrantId} of {ClientId}.")]
    private partial void Replayed(string what, Guid grantId, string clientId);
}
