using System.Linq.Expressions;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace AuthServer.Accounts;

/// <summary>Tells recovery about accounts: the host's side of its port.</summary>
internal sealed class AccountDirectory(AuthDbContext db, LogInIdentifiers identifiers) : IAccountDirectory
{
    public async Task<IReadOnlyList<AccountReference>> FindByEmailAsync(string email, CancellationToken cancellationToken)
    {
        var folded = Identifier.Fold(email);
        return await FindAsync(a => a.EmailFolded == folded && a.EmailVerified, cancellationToken);
    }

    public async Task<AccountReference?> FindByIdentifierAsync(string identifier, CancellationToken cancellationToken) =>
        await identifiers.FindAsync(identifier, cancellationToken) is { } id
            ? (await FindAsync(a => a.Id == id, cancellationToken)).SingleOrDefault()
            : null;

    private async Task<IReadOnlyList<AccountReference>> FindAsync(
        Expression<Func<Account, bool>> which, CancellationToken cancellationToken)
    {
        var accounts = await db.Accounts.AsNoTracking().Where(which).OrderBy(a => a.CreatedAt).ToListAsync(cancellationToken);
        return
        [
            .. accounts.Select(a => new AccountReference(
                a.Id, a.Username, a.DisplayName, a.EmailVerified ? a.Email : null, a.Disabled)),
        ];
    }
}
