using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Protocol.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>
/// Erases a person (UK GDPR article 17): everything ends, and all that is held about them here is removed in one
/// transaction. The account's row stays, empty and disabled, so that its <c>sub</c> is never used again and audit
/// events still lead somewhere. Mail and support cases go when their own retention ends.
/// </summary>
internal sealed class RemoveAccount(
    AuthDbContext db,
    DisableAccount disableAccount,
    LogInIdentifiers identifiers,
    Throttle throttle,
    AuditTrail audit,
    TimeProvider clock
)
{
    /// <summary>What stands in the place of the name.</summary>
    public const string UsernameOfRemoved = "Removed account";

    /// <returns>False when it was removed before.</returns>
    public async Task<bool> HandleAsync(Guid accountId, string actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == accountId, cancellationToken);
        if (account.RemovedAt is not null)
        {
            return false;
        }

        var claimed = ClaimedIdentifiers.Of(account);
        var ledger = await identifiers.OpenAsync(
            [claimed.Username, claimed.Email ?? claimed.Username],
            cancellationToken
        );
        ledger.Remove(claimed);
        await identifiers.WriteAsync(ledger, cancellationToken);
        await disableAccount.DisableHereAsync(accountId, actor, cancellationToken);
        await throttle.LiftAsync(accountId, cancellationToken);
        await db.PreviousEmails.Where(e => e.AccountId == accountId).ExecuteDeleteAsync(cancellationToken);
        await db.Posts.Where(p => p.AccountId == accountId).ExecuteDeleteAsync(cancellationToken);
        await db
            .Supervisions.Where(s => s.TraineeId == accountId || s.SupervisorId == accountId)
            .ExecuteDeleteAsync(cancellationToken);
        await db.DeskSubscriptions.Where(s => s.AccountId == accountId).ExecuteDeleteAsync(cancellationToken);
        await db
            .Authorizations.Where(a => a.AccountId == accountId && a.Type == Authorization.Consent)
            .ExecuteDeleteAsync(cancellationToken);
        db.Accounts.Update(Emptied(account));
        audit.Record(AuditKinds.AccountRemoved, accountId, actor);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    // A new row in the place of the old one, so that no fact can be forgotten here when one is added.
    private Account Emptied(Account account) =>
        new()
        {
            Id = account.Id,
            Username = UsernameOfRemoved,
            Disabled = true,
            CreatedAt = account.CreatedAt,
            UpdatedAt = clock.GetUtcNow(),
            RemovedAt = clock.GetUtcNow(),
        };
}
