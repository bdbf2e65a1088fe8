using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>
/// Keeps an account out (<c>users lock</c>), lets it in again, and ends what it has open. Each is one transaction.
/// </summary>
internal sealed class DisableAccount(
    AuthDbContext db,
    Sessions sessions,
    IEnumerable<IAccountGrants> grants,
    Throttle throttle,
    AuditTrail audit
)
{
    /// <summary>
    /// Disables the account: no log-in works, all sessions end, and so does everything apps have been given, offline or
    /// not.
    /// </summary>
    /// <returns>False when it was disabled before.</returns>
    public async Task<bool> DisableAsync(Guid accountId, string? actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var changed = await DisableHereAsync(accountId, actor, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    /// <summary>
    /// The same, inside the caller's transaction; the audit event waits for its <c>SaveChangesAsync</c>.
    /// </summary>
    public async Task<bool> DisableHereAsync(Guid accountId, string? actor, CancellationToken cancellationToken)
    {
        var changed = await db
            .Accounts.Where(a => a.Id == accountId && !a.Disabled)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Disabled, true), cancellationToken);
        await EndEverythingAsync(accountId, cancellationToken);
        if (changed > 0)
        {
            audit.Record(AuditKinds.AccountDisabled, accountId, actor);
        }

        return changed > 0;
    }

    /// <summary>Enables the account and lifts the throttle from it.</summary>
    /// <returns>False when it was not disabled; the throttle is lifted all the same.</returns>
    public async Task<bool> EnableAsync(Guid accountId, string? actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var changed = await db
            .Accounts.Where(a => a.Id == accountId && a.Disabled && a.RemovedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Disabled, false), cancellationToken);
        if (changed > 0)
        {
            audit.Record(AuditKinds.AccountEnabled, accountId, actor);
        }

        if (await throttle.LiftAsync(accountId, cancellationToken) > 0)
        {
            audit.Record(AuditKinds.ThrottleLifted, accountId, actor);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed > 0;
    }

    /// <summary>
    /// Ends every session of the account and everything apps have been given, offline or not. It may log in again.
    /// </summary>
    /// <returns>How many sessions were alive.</returns>
    public async Task<int> EndSessionsAsync(Guid accountId, string? actor, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var ended = await EndEverythingAsync(accountId, cancellationToken);
        audit.Record(AuditKinds.SessionsEnded, accountId, actor, detail: $"sessions={ended}");
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ended;
    }

    /// <summary>The same, inside the caller's transaction and without a word in the audit trail.</summary>
    public Task<int> EndEverythingAsync(Guid accountId, CancellationToken cancellationToken) =>
        EndEverythingAsync(accountId, Guid.NewGuid(), cancellationToken);

    /// <param name="stamp">The account's security stamp from now on.</param>
    /// <inheritdoc cref="EndEverythingAsync(Guid, CancellationToken)"/>
    public async Task<int> EndEverythingAsync(Guid accountId, Guid stamp, CancellationToken cancellationToken)
    {
        await db
            .Accounts.Where(a => a.Id == accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.SecurityStamp, stamp), cancellationToken);
        var ended = await sessions.EndAllAsync(accountId, cancellationToken);
        foreach (var given in grants)
        {
            await given.RevokeAllAsync(accountId, cancellationToken);
        }

        return ended;
    }
}
