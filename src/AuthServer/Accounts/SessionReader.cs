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
/// <param name="SecurityStamp">The account's, which the session has too.</param>
public sealed record LiveSession(
    Guid Id,
    string Sid,
    Guid AccountId,
    DateTimeOffset AuthenticatedAt,
    string Methods,
    DateTimeOffset ExpiresAt,
    string Username,
    StaffRole StaffRole,
    Guid SecurityStamp
);

/// <summary>
/// Finds the session behind a cookie. On the path of every authorization, so it reads one row and, as a rule, writes
/// nothing.
/// </summary>
internal sealed class SessionReader(
    HotSql sql,
    SessionCookie cookie,
    DatabaseClock databaseClock,
    IOptions<SessionOptions> options,
    TimeProvider clock
)
{
    /// <summary>
    /// How stale "last seen" may be: a session that is used is written once in this time, not at every request.
    /// </summary>
    private static readonly TimeSpan SeenPrecision = TimeSpan.FromMinutes(1);

    /// <summary>The same for an app's refreshes, of which there are many more.</summary>
    private static readonly TimeSpan RefreshPrecision = TimeSpan.FromMinutes(5);

    // A disabled account has no live session, nor has one whose security stamp has changed since the session began.
    private const string Find = """
        SELECT s.sid, s.account_id, s.authenticated_at, s.methods, s.expires_at, s.last_seen_at, a.username, a.staff_role,
               s.security_stamp
        FROM sessions s JOIN accounts a ON a.id = s.account_id
        WHERE s.id = $1 AND s.ended_at IS NULL AND NOT a.disabled
          AND a.security_stamp = s.security_stamp
        """;

    private const string FindLiving =
        "SELECT sid FROM sessions WHERE sid = $1 AND account_id = $2 AND ended_at IS NULL AND expires_at > $3";

    // A clock that ran ahead wrote it: it was seen now at the latest, and has no longer to live than a session that
    // begins now.
    private const string Clamp = """
        UPDATE sessions SET last_seen_at = $2, expires_at = CASE WHEN expires_at > $3 THEN $3 ELSE expires_at END
        WHERE id = $1 AND ended_at IS NULL RETURNING id
        """;

    private const string Touch =
        "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND ended_at IS NULL AND last_seen_at < $2 RETURNING id";

    // Compared again here: of two refreshes at the same moment one writes. A session that has been idle for too long
    // stays over.
    private const string TouchBySid = """
        UPDATE sessions SET last_seen_at = $3
        WHERE sid = $1 AND account_id = $2 AND ended_at IS NULL AND last_seen_at <= $4 AND last_seen_at > $5
        RETURNING id
        """;

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

    /// <returns>True when a session that apps know by this <c>sid</c> is alive.</returns>
    public async ValueTask<bool> LivesAsync(string sid, Guid accountId, CancellationToken cancellationToken) =>
        await sql.ReadOneAsync(FindLiving, row => row.Text(0), cancellationToken, sid, accountId, clock.GetUtcNow())
            is not null;

    /// <summary>
    /// An app has refreshed its tokens, which counts as a use of the session. Written at most once in five minutes, and
    /// only while the session has not been idle for too long.
    /// </summary>
    /// <param name="lastSeenAt">What the refresh has read of the session.</param>
    public async ValueTask SeenByAppAsync(string sid, Guid accountId, DateTimeOffset lastSeenAt)
    {
        var now = clock.GetUtcNow();
        var (latest, idleSince) = (now - RefreshPrecision, now - options.Value.IdleTimeout);
        if (lastSeenAt > latest || lastSeenAt <= idleSince)
        {
            return;
        }

        try
        {
            await sql.WriteOneAsync(
                TouchBySid,
                row => "seen",
                CancellationToken.None,
                sid,
                accountId,
                now,
                latest,
                idleSince
            );
        }
        catch (Exception e) when (DatabaseOutage.Caused(e))
        {
            // The tokens are replaced already, and the app must get them. The next refresh writes it.
        }
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
                    (StaffRole)row.Int(7),
                    row.Guid(8)
                ),
                row.Instant(5)
            ),
            cancellationToken,
            id
        );
        if (found is null || now >= found.Session.ExpiresAt || now - found.LastSeenAt >= options.Value.IdleTimeout)
        {
            return null;
        }

        var latest = now + options.Value.AbsoluteLifetime;
        if (found.LastSeenAt - now >= Clocks.MostApart || found.Session.ExpiresAt - latest >= Clocks.MostApart)
        {
            if (await databaseClock.IsAheadOfAsync(now, cancellationToken))
            {
                return found.Session; // it is this clock that is behind
            }

            await sql.WriteOneAsync(Clamp, row => "clamped", cancellationToken, id, now, latest);
            return found.Session.ExpiresAt > latest ? found.Session with { ExpiresAt = latest } : found.Session;
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
