using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>
/// Gives an account the password that its owner has just chosen, and ends whatever the old one opened: sessions,
/// grants, the throttle. Inside the caller's transaction.
/// </summary>
internal sealed class SetPassword(
    AuthDbContext db,
    DisableAccount accounts,
    Throttle throttle,
    AuditTrail audit,
    TimeProvider clock
)
{
    /// <param name="which">The account, as it has to be for its password to be set: one statement looks and
    /// writes.</param>
    /// <param name="accountId">Its id.</param>
    /// <param name="hash">From <see cref="ChoosePassword.ChooseAsync"/>.</param>
    /// <returns>
    /// The account's new security stamp; null when the account is not (any more) as it has to be, and nothing has been
    /// written.
    /// </returns>
    public async Task<Guid?> SetAsync(
        IQueryable<Account> which,
        Guid accountId,
        string hash,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var changed = await which
            .Where(a => a.Id == accountId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(a => a.PasswordHash, hash)
                        .SetProperty(a => a.PasswordScheme, TypedPassword.Scheme)
                        .SetProperty(a => a.PasswordGeneration, a => a.PasswordGeneration + 1)
                        .SetProperty(a => a.PasswordChangedAt, now),
                cancellationToken
            );
        if (changed == 0)
        {
            return null;
        }

        var stamp = Guid.NewGuid();
        await accounts.EndEverythingAsync(accountId, stamp, cancellationToken);
        await throttle.LiftAsync(accountId, cancellationToken);
        audit.Record(AuditKinds.PasswordChanged, accountId);
        await db.SaveChangesAsync(cancellationToken);
        return stamp;
    }
}
