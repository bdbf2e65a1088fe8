using AuthServer.Accounts;
using AuthServer.Data;

namespace AuthServer.Protocol.Tokens;

/// <summary>Lets accounts end every grant of theirs, in the transaction that disables them.</summary>
internal sealed class AccountGrants(AuthDbContext db, Grants grants) : IAccountGrants
{
    public Task RevokeAllAsync(Guid accountId, CancellationToken cancellationToken) =>
        grants.RevokeAllAsync(db, accountId, cancellationToken);
}
