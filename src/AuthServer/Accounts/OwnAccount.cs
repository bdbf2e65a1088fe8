using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Accounts;

/// <summary>What a person sees of their own account.</summary>
/// <param name="Name">What to call them.</param>
/// <param name="Username">As they typed it when it was set.</param>
/// <param name="Email">Null when none is known.</param>
/// <param name="EmailVerified">True when the address was proved to be theirs.</param>
/// <param name="Browser">Of this session, such as "Chrome on Windows".</param>
/// <param name="PreviousLogInAt">The log-in before this session's, as far as sessions are kept.</param>
/// <param name="PreviousBrowser">Of that log-in.</param>
internal sealed record OwnAccountFacts(
    string Name,
    string Username,
    string? Email,
    bool EmailVerified,
    string? Browser,
    DateTimeOffset? PreviousLogInAt,
    string? PreviousBrowser
);

/// <summary>Reads a person's own account for the account page.</summary>
internal sealed class OwnAccount(AuthDbContext db)
{
    public async Task<OwnAccountFacts> ReadAsync(LiveSession session, CancellationToken cancellationToken)
    {
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == session.AccountId, cancellationToken);
        var log = await db
            .Sessions.AsNoTracking()
            .Where(s => s.AccountId == session.AccountId && s.AuthenticatedAt <= session.AuthenticatedAt)
            .OrderByDescending(s => s.AuthenticatedAt)
            .Select(s => new
            {
                s.Id,
                s.AuthenticatedAt,
                s.Browser,
            })
            .Take(2)
            .ToListAsync(cancellationToken);
        var previous = log.FirstOrDefault(s => s.Id != session.Id);
        return new OwnAccountFacts(
            account.DisplayName,
            account.Username,
            account.Email,
            account.EmailVerified,
            log.FirstOrDefault(s => s.Id == session.Id)?.Browser,
            previous?.AuthenticatedAt,
            previous?.Browser
        );
    }
}
