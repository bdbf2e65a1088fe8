using AuthServer.Accounts;
using AuthServer.Data;
using AuthServer.Protocol.BackchannelLogout;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Protocol.Tokens;

/// <summary>
/// Lets accounts end every grant of theirs, in the transaction that disables them. Apps that hold an offline one are
/// told.
/// </summary>
internal sealed class AccountGrants(AuthDbContext db, Grants grants, LogoutNotices notices) : IAccountGrants
{
    public async Task RevokeAllAsync(Guid accountId, CancellationToken cancellationToken)
    {
        // The sessions that these were given in may have ended long ago.
        await notices.QueueAsync(
            db.Authorizations.Where(g => g.AccountId == accountId && g.Offline && g.Status == Statuses.Valid),
            cancellationToken
        );
        await grants.RevokeAllAsync(db, accountId, cancellationToken);
    }
}
