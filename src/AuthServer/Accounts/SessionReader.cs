using AuthServer.Data;
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

/// <summary>Finds the session behind a cookie. On the path of every authorization, so it reads one row and, as a rule, writes nothing.</summary>
internal sealed class SessionReader(HotSql sql, SessionCookie cookie, IOptions<SessionOptions> options, TimeProvider clock)
{
    /// <summary>How stale "last seen" may be: a session that is used is written once in this time, not at every request.</summary>
    private static readonly TimeSpan SeenPrecision = TimeSpan.FromMinutes(1);

    // A disabled account has no live session, and nobody has one from before everything was ended, whatever the session's row says.
    private const string Find =
        """
        SELECT s.sid, s.account_id, s.authenticated_at, s.methods, s.expires_at, s.last_seen_at, a.username, a.staff_role
        FROM sessions s JOIN accounts a ON a.id = s.account_id
        WHERE s.id = $1 AND s.ended_at IS NULL AND NOT a.disabled
          AND (a.signed_out_at IS NULL OR a.signed_out_at <= s.authenticated_at)
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
        SetCurrent(http, session);
        return session;
    }

    /// <summary>What the rest of this request is to take for the browser's session.</summary>
    public static void SetCurrent(HttpContext http, LiveSession? session) => http.Features.Set(new Current(session));

    /// <returns>The session, or null when there is none, it has ended or it has run out.</returns>
    public async ValueTask<LiveSession?> FindAsync(Guid id, CancellationToken cancellationToken)
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
