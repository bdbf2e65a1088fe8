using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>
/// Gives an account the password that its owner has just chosen, and ends whatever the old one opened: sessions, grants, the
/// throttle. Inside the caller's transaction.
/// </summary>
internal sealed class SetPassword(AuthDbContext db, DisableAccount accounts, Throttle throttle, AuditTrail audit, TimeProvider clock)
{
    /// <param name="accountId">Whose.</param>
    /// <param name="hash">From <see cref="Passwords.ChooseAsync"/>.</param>
    public async Task SetAsync(Guid accountId, string hash, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.Accounts.Where(a => a.Id == accountId).ExecuteUpdateAsync(
            set => set
                .SetProperty(a => a.PasswordHash, hash)
                .SetProperty(a => a.PasswordScheme, PasswordScheme.Folded1)
                .SetProperty(a => a.PasswordChangedAt, now),
            cancellationToken);
        await accounts.EndEverythingAsync(accountId, cancellationToken);
        await throttle.LiftAsync(accountId, cancellationToken);
        audit.Record(AuditKinds.PasswordChanged, accountId);
        await db.SaveChangesAsync(cancellationToken);
    }
}
