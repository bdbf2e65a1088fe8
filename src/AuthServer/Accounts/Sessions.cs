using System.Buffers.Text;
using System.Security.Cryptography;
using AuthServer.Audit;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>Starts and ends sessions: the one writer of their table.</summary>
/// <remarks>
/// Grants hang on a session by its <c>sid</c>: a grant without <c>offline_access</c> works only while a session with
/// that <c>sid</c> has not ended, so ending the row ends them, at once and without a race.
/// </remarks>
internal sealed class Sessions(
    AuthDbContext db,
    SessionReader reader,
    SessionCookie cookie,
    AuditTrail audit,
    IEnumerable<ISessionEnds> ends,
    IOptions<SessionOptions> options,
    TimeProvider clock
)
{
    /// <inheritdoc cref="SessionReader.CurrentAsync"/>
    public ValueTask<LiveSession?> CurrentAsync(HttpContext http) => reader.CurrentAsync(http);

    /// <summary>
    /// Starts a session for a person who has just proved who they are, and gives the browser its cookie. The session
    /// that the browser had before ends; when it was the same person's, the new one takes over its <c>sid</c> and so
    /// its grants.
    /// </summary>
    /// <param name="securityStamp">The account's when they proved it.</param>
    /// <param name="authenticatedAt">When they proved it: before the proof was written down, not after.</param>
    /// <returns>Null when the account was disabled, or signed out of everything, since they proved it.</returns>
    public async Task<LiveSession?> StartAsync(
        HttpContext http,
        Guid accountId,
        Guid securityStamp,
        string methods,
        DateTimeOffset authenticatedAt,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var before = await CurrentAsync(http);
        var session = new Session
        {
            Id = new Guid(RandomNumberGenerator.GetBytes(16)),
            Sid =
                before?.AccountId == accountId
                    ? before.Sid
                    : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            AccountId = accountId,
            SecurityStamp = securityStamp,
            AuthenticatedAt = authenticatedAt,
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
            if (before.Sid != session.Sid)
            {
                await TellAsync(before.AccountId, [before.Sid], cancellationToken); // somebody else sat here before
            }
        }

        await transaction.CommitAsync(cancellationToken);

        var live = await reader.FindAsync(session.Id, cancellationToken);
        if (live is not null)
        {
            cookie.Write(http, session.Id);
        }

        SessionReader.SetCurrent(http, live);
        return live;
    }

    /// <summary>
    /// Ends this browser's session, and with it the grants that hang on it. Nothing happens when there is none.
    /// </summary>
    public async Task EndCurrentAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (await CurrentAsync(http) is { } session)
        {
            await EndAsync(session.Sid, session.AccountId, cancellationToken);
        }

        SessionCookie.Remove(http);
        SessionReader.SetCurrent(http, null);
    }

    /// <summary>Ends the session that apps know by this <c>sid</c>.</summary>
    public async Task EndAsync(string sid, Guid accountId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (
            await EndRowsAsync(db.Sessions.Where(s => s.Sid == sid && s.AccountId == accountId), now, cancellationToken)
            > 0
        )
        {
            audit.Record(AuditKinds.LoggedOut, accountId);
            await TellAsync(accountId, [sid], cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Ends every session of an account, inside the caller's transaction when there is one.</summary>
    /// <returns>How many were alive.</returns>
    public async Task<int> EndAllAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ended = await EndRowsAsync(db.Sessions.Where(s => s.AccountId == accountId), now, cancellationToken);
        if (ended > 0)
        {
            // Looked up afterwards, so that none that began meanwhile is missed.
            var sids = await db
                .Sessions.Where(s => s.AccountId == accountId && s.EndedAt == now)
                .Select(s => s.Sid)
                .Distinct()
                .ToListAsync(cancellationToken);
            await TellAsync(accountId, sids, cancellationToken);
        }

        return ended;
    }

    /// <summary>Clean-up: removes those of the sessions that were at their absolute end before this instant.</summary>
    public Task<int> RemoveExpiredAsync(
        IReadOnlyCollection<Guid> ids,
        DateTimeOffset before,
        CancellationToken cancellationToken
    ) =>
        db
            .Sessions.Where(s => EF.Parameter(ids).Contains(s.Id) && s.ExpiresAt < before)
            .ExecuteDeleteAsync(cancellationToken);

    private async Task TellAsync(Guid accountId, IReadOnlyCollection<string> sids, CancellationToken cancellationToken)
    {
        foreach (var end in ends)
        {
            await end.EndedAsync(accountId, sids, cancellationToken);
        }
    }

    private static Task<int> EndRowsAsync(
        IQueryable<Session> sessions,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        sessions
            .Where(s => s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now), cancellationToken);
}
