using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>What a login with a password needs to know of an account.</summary>
internal sealed record LogInAccount(
    Guid Id,
    Guid SecurityStamp,
    bool Disabled,
    bool IsStaff,
    string? Hash,
    PasswordScheme Scheme
);

/// <summary>Finds the account that a login names.</summary>
internal sealed class LogInAccounts(AuthDbContext db, LogInIdentifiers identifiers, KnownBrowsers browsers)
{
    /// <returns>Null when there is none.</returns>
    public async Task<LogInAccount?> FindAsync(IdentifierKeys keys, CancellationToken cancellationToken)
    {
        var found = await identifiers
            .Find(keys)
            .Join(
                db.Accounts,
                i => i.AccountId,
                a => a.Id,
                (i, a) =>
                    new
                    {
                        Row = i,
                        Account = new LogInAccount(
                            a.Id,
                            a.SecurityStamp,
                            a.Disabled,
                            a.StaffRole != StaffRole.None,
                            a.PasswordHash,
                            a.PasswordScheme
                        ),
                    }
            )
            .ToListAsync(cancellationToken);
        return LogInIdentifiers.Choose([.. found.Select(each => each.Row)], keys) is { } row
            ? found.First(each => each.Row == row).Account
            : null;
    }

    /// <summary>What failures are counted under.</summary>
    public string ThrottleKey(LogInAccount? account, IdentifierKeys keys, HttpRequest request)
    {
        if (account is null)
        {
            return Throttle.UnknownKey(keys.Throttled);
        }

        return browsers.Find(request, account.Id) is { } browser
            ? Throttle.BrowserKey(account.Id, browser)
            : Throttle.AccountKey(account.Id);
    }
}
