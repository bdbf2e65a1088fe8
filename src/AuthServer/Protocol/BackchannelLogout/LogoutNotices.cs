using AuthServer.Accounts;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Protocol.BackchannelLogout;

/// <summary>
/// The one writer of the notices: which apps have to hear that a session is over (OIDC Back-Channel Logout 1.0 §2.3).
/// </summary>
internal sealed class LogoutNotices(
    AuthDbContext db,
    ClientDirectory clients,
    AfterCommit afterCommit,
    LogoutWaker waker,
    TimeProvider clock
) : ISessionEnds
{
    /// <summary>How long a sender holds a notice: longer than an attempt may take.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    /// <remarks>
    /// Every app that was given an ID token in one of the sessions hears of it, whatever has become of its tokens
    /// since.
    /// </remarks>
    public Task EndedAsync(Guid accountId, IReadOnlyCollection<string> sids, CancellationToken cancellationToken) =>
        QueueAsync(
            db.Authorizations.Where(g =>
                g.AccountId == accountId && g.Sid != null && EF.Parameter(sids).Contains(g.Sid)
            ),
            cancellationToken
        );

    /// <summary>
    /// Queues a notice for each app and session of these grants, inside the caller's transaction, none twice.
    /// </summary>
    public async Task QueueAsync(IQueryable<Authorization> grants, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var known = await grants
            .Where(g => g.Type == Authorization.SignIn)
            .Select(g => new
            {
                g.ApplicationId,
                g.AccountId,
                g.Sid,
                g.Scopes,
            })
            .Distinct()
            .ToListAsync(cancellationToken);
        var queued = false;
        foreach (
            var session in known
                .Where(g => g.Scopes?.Contains("\"openid\"", StringComparison.Ordinal) is true)
                .Select(g => (g.ApplicationId, g.AccountId, g.Sid))
                .Distinct()
        )
        {
            if (
                session is not { ApplicationId: { } applicationId, AccountId: { } accountId, Sid: { } sid }
                || await clients.FindAsync(applicationId, cancellationToken)
                    is not { Metadata.BackchannelLogoutUri: not null } client
                || db.LogoutNotices.Local.Any(n => n.ClientId == client.ClientId && n.Sid == sid)
            )
            {
                continue;
            }

            db.LogoutNotices.Add(
                new LogoutNotice
                {
                    Id = Guid.CreateVersion7(now),
                    ClientId = client.ClientId,
                    AccountId = accountId,
                    Sid = sid,
                    QueuedAt = now,
                    NextAttemptAt = now,
                }
            );
            queued = true;
        }

        if (queued)
        {
            afterCommit.Do(waker.Wake);
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>Notices that may be sent now, the longest due first.</summary>
    public Task<List<LogoutNotice>> DueAsync(int most, CancellationToken cancellationToken)
    {
        // Further ahead than it can have been set, it was set by a clock that ran ahead, and is due.
        var now = clock.GetUtcNow();
        var (atOnce, later) = (now + Clocks.MostApart, now + SendLogoutNotices.LongestPause + Clocks.MostApart);
        return db
            .LogoutNotices.AsNoTracking()
            .Where(n => n.NextAttemptAt <= now || n.NextAttemptAt > (n.Attempts == 0 ? atOnce : later))
            .OrderBy(n => n.NextAttemptAt)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Takes a notice up: of any number of senders, on any number of nodes, one gets it.</summary>
    public async Task<bool> ClaimAsync(LogoutNotice notice, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + Lease;
        return await This(notice, notice.Attempts)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(n => n.Attempts, notice.Attempts + 1).SetProperty(n => n.NextAttemptAt, until),
                    cancellationToken
                ) == 1;
    }

    /// <summary>The sender that holds it tries again later.</summary>
    public Task PostponeAsync(LogoutNotice notice, DateTimeOffset next) =>
        This(notice, notice.Attempts + 1)
            .ExecuteUpdateAsync(set => set.SetProperty(n => n.NextAttemptAt, next), CancellationToken.None);

    /// <summary>The app has heard, or will not.</summary>
    public Task RemoveAsync(LogoutNotice notice) =>
        This(notice, notice.Attempts + 1).ExecuteDeleteAsync(CancellationToken.None);

    private IQueryable<LogoutNotice> This(LogoutNotice notice, int attempts) =>
        db.LogoutNotices.Where(n => n.Id == notice.Id && n.Attempts == attempts);
}
