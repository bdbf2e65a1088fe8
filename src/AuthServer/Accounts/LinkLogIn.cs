using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Recovery.Ports;

namespace AuthServer.Accounts;

/// <summary>
/// Logs in people who have just chosen a password through a mailed link: the host's side of recovery's port.
/// </summary>
internal sealed class LinkLogIn(AuthDbContext db, Sessions sessions, KnownBrowsers browsers, TimeProvider clock)
    : IRecoverySessions
{
    /// <summary>
    /// RFC 8176: the session is as good as one of a person who typed the password that they have just chosen.
    /// </summary>
    private const string Methods = "pwd";

    public async ValueTask<LoggedInPerson?> CurrentAsync(HttpContext http) =>
        await sessions.CurrentAsync(http) is { } session
            ? new LoggedInPerson(session.AccountId, session.Username)
            : null;

    public async Task<bool> LogInAsync(
        HttpContext http,
        Guid accountId,
        Guid securityStamp,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        if ((await sessions.CurrentAsync(http))?.AccountId == accountId)
        {
            // The new password has ended it, and the apps were told: its sid must not be used again.
            SessionReader.SetCurrent(http, null);
        }

        if (await sessions.StartAsync(http, accountId, securityStamp, Methods, now, cancellationToken) is null)
        {
            SessionCookie.Remove(http);
            return false;
        }

        await db
            .Accounts.Where(a => a.Id == accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.LastLogInAt, now), cancellationToken);
        browsers.Remember(http, accountId);
        RecentHints.Clear(http);
        return true;
    }
}
