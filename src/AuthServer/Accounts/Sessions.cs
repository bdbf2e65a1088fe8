using System.Buffers.Text;
using System.Security.Cryptography;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>A session that is alive, as pages and the protocol see it.</summary>
/// <param name="Id">What the cookie carries.</param>
/// <param name="Sid">What apps know.</param>
/// <param name="AccountId">Whose it is.</param>
/// <param name="AuthenticatedAt"><c>auth_time</c>.</param>
/// <param name="Methods"><c>amr</c>, space separated.</param>
/// <param name="ExpiresAt">The absolute end.</param>
/// <param name="Username">As the person knows it.</param>
/// <param name="StaffRole">What the account may do here.</param>
public sealed record LiveSession(
    Guid Id,
    string Sid,
    Guid AccountId,
    DateTimeOffset AuthenticatedAt,
    string Methods,
    DateTimeOffset ExpiresAt,
    string Username,
    StaffRole StaffRole);

/// <summary>Starts, finds and ends sessions: the one writer of their table.</summary>
/// <remarks>
/// Grants hang on a session by its <c>sid</c>: a grant without <c>offline_access</c> works only while a session with that
/// <c>sid</c> has not ended, so ending the row ends them, at once and without a race.
/// </remarks>
internal sealed class Sessions(
    AuthDbContext db, HotSql sql, SessionCookie cookie, AuditTrail audit, IOptions<SessionOptions> options, TimeProvider clock)
{
    /// <summary>How stale "last seen" may be: a session that is used is written once in this time, not at every request.</summary>
    private static readonly TimeSpan SeenPrecision = TimeSpan.FromMinutes(1);

    // A disabled account has no live session, whatever the session's row says.
    private const string Find =
        """
        SELECT s.sid, s.account_id, s.authenticated_at, s.methods, s.expires_at, s.last_seen_at, a.username, a.staff_role
        FROM sessions s JOIN accounts a ON a.id = s.account_id
        WHERE s.id = $1 AND s.ended_at IS NULL AND NOT a.disabled
        """;

    private const string Touch =
        "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND ended_at IS NULL AND last_seen_at < $2 RETURNING id";

    /// <summary>The session of the browser that sent this request, or null. Read once per request.</summary>
    public async ValueTask<LiveSession?> CurrentAsync(HttpContext http)
    {
        if (http.Features.Get<Current>() is { } known)
        {
            return known.Session;
        }

        var session = cookie.Read(http.Request) is { } id ? await FindAsync(id, http.RequestAborted) : null;
        http.Features.Set(new Current(session));
        return session;
    }

    /// <summary>
    /// Starts a session for a person who has just proved who they are, and gives the browser its cookie. The session that the
    /// browser had before ends; when it was the same person's, the new one takes over its <c>sid</c> and so its grants.
    /// </summary>
    public async Task<LiveSession> StartAsync(HttpContext http, Guid accountId, string methods, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var before = await CurrentAsync(http);
        var session = new Session
        {
            Id = new Guid(RandomNumberGenerator.GetBytes(16)),
            Sid = before?.AccountId == accountId ? before.Sid : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            AccountId = accountId,
            AuthenticatedAt = now,
            Methods = methods,
            LastSeenAt = now,
            ExpiresAt = now + options.Value.AbsoluteLifetime,
            Browser = BrowserName.Of(http.Request.Headers.UserAgent),
            Network = CoarseNetwork.Of(http.Connection.RemoteIpAddress),
        };

        // One transaction: at no instant is the sid without a living session.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Sessions.Add(session);
        audit.Record(AuditKinds.LoggedIn, accountId, detail: $"methods={methods}");
        await db.SaveChangesAsync(cancellationToken);
        if (before is not null)
        {
            await EndRowsAsync(db.Sessions.Where(s => s.Id == before.Id), now, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);

        cookie.Write(http, session.Id);
        var live = await FindAsync(session.Id, cancellationToken)
            ?? throw new InvalidOperationException($"The session just started for account {accountId} is not alive.");
        http.Features.Set(new Current(live));
        return live;
    }

    /// <summary>Ends this browser's session, and with it the grants that hang on it. Nothing happens when there is none.</summary>
    public async Task EndCurrentAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (await CurrentAsync(http) is { } session)
        {
            await EndAsync(session.Sid, session.AccountId, cancellationToken);
        }

        SessionCookie.Remove(http);
        http.Features.Set(new Current(null));
    }

    /// <summary>Ends the session that apps know by this <c>sid</c>.</summary>
    public async Task EndAsync(string sid, Guid accountId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await EndRowsAsync(db.Sessions.Where(s => s.Sid == sid && s.AccountId == accountId), now, cancellationToken) > 0)
        {
            audit.Record(AuditKinds.LoggedOut, accountId);
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Ends every session of an account, inside the caller's transaction when there is one.</summary>
    /// <returns>How many were alive.</returns>
    public Task<int> EndAllAsync(Guid accountId, CancellationToken cancellationToken) =>
        EndRowsAsync(db.Sessions.Where(s => s.AccountId == accountId), clock.GetUtcNow(), cancellationToken);

    private static Task<int> EndRowsAsync(IQueryable<Session> sessions, DateTimeOffset now, CancellationToken cancellationToken) =>
        sessions.Where(s => s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), cancellationToken);

    private async ValueTask<LiveSession?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var found = await sql.ReadOneAsync(
            Find,
            row => new Found(
                new LiveSession(
                    id,
                    row.Text(0),
                    row.Guid(1),
                    row.Instant(2),
                    row.Text(3),
                    row.Instant(4),
                    row.Text(6),
                    (StaffRole)row.Int(7)),
                row.Instant(5)),
            cancellationToken,
            id);
        if (found is null || now >= found.Session.ExpiresAt || now - found.LastSeenAt >= options.Value.IdleTimeout)
        {
            return null;
        }

        if (now - found.LastSeenAt >= SeenPrecision)
        {
            await sql.WriteOneAsync(Touch, row => "seen", cancellationToken, id, now);
        }

        return found.Session;
    }

    private sealed record Found(LiveSession Session, DateTimeOffset LastSeenAt);

    /// <summary>What this request's cookie was found to mean.</summary>
    private sealed record Current(LiveSession? Session);
}
