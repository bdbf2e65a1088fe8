using AuthServer.Accounts;
using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Protocol.BackchannelLogout;

/// <summary>The one writer of the notices: which apps have to hear that a session is over (OIDC Back-Channel Logout 1.0 §2.3).</summary>
internal sealed class LogoutNotices(
    AuthDbContext db, ClientDirectory clients, AfterCommit afterCommit, LogoutWaker waker, TimeProvider clock) : ISessionEnds
{
    /// <summary>How long a sender holds a notice: longer than an attempt may take.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    /// <remarks>Every app that was given an ID token in one of the sessions hears of it, whatever has become of its tokens since.</remarks>
    public Task EndedAsync(Guid accountId, IReadOnlyCollection<string> sids, CancellationToken cancellationToken) =>
        QueueAsync(db.Grants.Where(g => g.AccountId == accountId && EF.Parameter(sids).Contains(g.Sid)), cancellationToken);

    /// <summary>Queues a notice for each app and session of these grants, inside the caller's transaction, none twice.</summary>
    public async Task QueueAsync(IQueryable<Grant> grants, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var known = await grants.Select(g => new { g.ClientId, g.AccountId, g.Sid, g.Scopes }).Distinct().ToListAsync(cancellationToken);
        var queued = false;
        foreach (var session in known
            .Where(g => Scopes.Split(g.Scopes).Contains("openid"))
            .Select(g => (g.ClientId, g.AccountId, g.Sid)).Distinct())
        {
            if (await clients.FindAsync(session.ClientId, cancellationToken) is not { Metadata.BackchannelLogoutUri: not null }
                || db.LogoutNotices.Local.Any(n => n.ClientId == session.ClientId && n.Sid == session.Sid))
            {
                continue;
            }

            db.LogoutNotices.Add(new LogoutNotice
            {
                Id = Guid.CreateVersion7(now),
                ClientId = session.ClientId,
                AccountId = session.AccountId,
                Sid = session.Sid,
                QueuedAt = now,
                NextAttemptAt = now,
            });
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
        var now = clock.GetUtcNow();
        return db.LogoutNotices.AsNoTracking()
            .Where(n => n.NextAttemptAt <= now)
            .OrderBy(n => n.NextAttemptAt)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Takes a notice up: of any number of senders, on any number of nodes, one gets it.</summary>
    public async Task<bool> ClaimAsync(LogoutNotice notice, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + Lease;
        return await This(notice, notice.Attempts).ExecuteUpdateAsync(
            set => set.SetProperty(n => n.Attempts, notice.Attempts + 1).SetProperty(n => n.NextAttemptAt, until), cancellationToken) == 1;
    }

    /// <summary>The sender that holds it tries again later.</summary>
    public Task PostponeAsync(LogoutNotice notice, DateTimeOffset next) => This(notice, notice.Attempts + 1).ExecuteUpdateAsync(
        set => set.SetProperty(n => n.NextAttemptAt, next), CancellationToken.None);

    /// <summary>The app has heard, or will not.</summary>
    public Task RemoveAsync(LogoutNotice notice) =>
        This(notice, notice.Attempts + 1).ExecuteDeleteAsync(CancellationToken.None);

    private IQueryable<LogoutNotice> This(LogoutNotice notice, int attempts) =>
        db.LogoutNotices.Where(n => n.Id == notice.Id && n.Attempts == attempts);
}
