using System.Text.Json;
using System.Text.Json.Serialization;
using AuthServer.Accounts;
using AuthServer.Data;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Storage;
using Microsoft.EntityFrameworkCore;
using Statuses = OpenIddict.Abstractions.OpenIddictConstants.Statuses;

namespace AuthServer.Protocol.Tokens;

/// <summary>A grant as it is read back: everything a token of it needs.</summary>
internal sealed record LiveGrant(
    Guid Id,
    Guid AccountId,
    Guid ApplicationId,
    string Sid,
    Guid SecurityStamp,
    string Scopes,
    string? ClaimsRequest,
    DateTimeOffset AuthenticatedAt,
    string Methods,
    DateTimeOffset ExpiresAt,
    string? Resources = null
)
{
    /// <summary>
    /// When the session that it lives with was last used, where the grant was read for a refresh. Null for an offline
    /// grant, which is used without its user (OIDC Core §11).
    /// </summary>
    public DateTimeOffset? SessionSeenAt { get; init; }
}

/// <summary>
/// The one writer of the one hot table. A code's redemption is one guarded INSERT, a refresh one guarded UPDATE;
/// nothing is read first and written then. A grant is alive while it is neither revoked nor expired, its account is not
/// disabled and, unless it is an offline one, a session with its <c>sid</c> has not ended: ending the session is what
/// ends its grants.
/// </summary>
/// <remarks>
/// A code may be redeemed in the very moment in which its account is signed out of everything (a password reset, a
/// lock), and PostgreSQL shows neither transaction what the other is writing. So a grant also dies by the security
/// stamp of its log-in: when the account has another by now, the grant is dead, whoever wrote it when. That costs no
/// lock and no second write. Each write also changes the concurrency token, so that a manager that read the row before
/// cannot write it back.
/// </remarks>
internal sealed class Grants(HotSql sql, TimeProvider clock)
{
    private const string Columns =
        "id, account_id, application_id, sid, security_stamp, scopes, claims_request, authenticated_at, methods, expires_at, "
        + "resources";

    // Scalar looks by index, and not EXISTS under OR: PostgreSQL would answer that by hashing every session there is.
    private const string Alive = """
        status = 'valid'
        AND (offline OR (SELECT TRUE FROM sessions s WHERE s.sid = authorizations.sid AND s.ended_at IS NULL LIMIT 1))
        AND (SELECT NOT a.disabled AND a.security_stamp = authorizations.security_stamp
             FROM accounts a WHERE a.id = authorizations.account_id)
        """;

    // A look by index at a row that Alive has just read.
    private const string SessionSeenAt = """
        CASE WHEN NOT offline THEN (SELECT s.last_seen_at FROM sessions s
                                    WHERE s.sid = authorizations.sid AND s.ended_at IS NULL LIMIT 1) END
        """;

    // The primary key is the single-use gate. A code whose session has ended or whose account was disabled inserts
    // nothing either.
    private const string Insert = """
        INSERT INTO authorizations (id, account_id, subject, application_id, sid, security_stamp, scopes, claims_request,
                                    authenticated_at, methods, creation_date, expires_at, offline, refresh_token_hash,
                                    refresh_family_hash, refresh_generation, status, type, concurrency_token, resources)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, CASE WHEN length($14) = 0 THEN NULL ELSE $14 END,
               CASE WHEN length($15) = 0 THEN NULL ELSE $15 END,
               0, 'valid', 'sign-in', $3, $16
        WHERE EXISTS (SELECT 1 FROM sessions s JOIN accounts a ON a.id = s.account_id
                      WHERE s.sid = $5 AND s.ended_at IS NULL AND NOT a.disabled AND a.security_stamp = $6)
        ON CONFLICT (id) DO NOTHING
        RETURNING id
        """;

    private const string Rotate = $"""
        UPDATE authorizations
        SET refresh_token_hash = $3, previous_refresh_token_hash = $2, rotated_at = $4,
            refresh_generation = refresh_generation + 1, concurrency_token = CAST(refresh_generation + 1 AS text)
        WHERE id = $1 AND refresh_token_hash = $2 AND application_id = $5 AND expires_at > $4
          AND ($6 OR (resources IS NULL AND scopes LIKE '%"openid"%')) AND {Alive}
        RETURNING {Columns}, {SessionSeenAt}
        """;

    // Two tabs, or an answer that was lost: within its grace the token before the current one gets the current one
    // again.
    private const string FindRotated = $"""
        SELECT {Columns} FROM authorizations
        WHERE id = $1 AND previous_refresh_token_hash = $2 AND refresh_token_hash = $3 AND rotated_at > $6 AND rotated_at < $7
          AND application_id = $5 AND expires_at > $4 AND {Alive}
        """;

    private const string FindByRefreshToken = $"""
        SELECT {Columns}, {SessionSeenAt} FROM authorizations
        WHERE id = $1 AND refresh_token_hash = $2 AND expires_at > $3 AND {Alive}
        """;

    private const string FindByAnyRefreshToken = $"""
        SELECT {Columns} FROM authorizations
        WHERE id = $1 AND (refresh_token_hash = $2 OR previous_refresh_token_hash = $2) AND expires_at > $3 AND {Alive}
        """;

    private const string FindAlive =
        $"SELECT {Columns} FROM authorizations WHERE id = $1 AND expires_at > $2 AND {Alive}";

    private const string FindState = """
        SELECT application_id, refresh_token_hash, refresh_family_hash, refresh_generation, status
        FROM authorizations WHERE id = $1
        """;

    private const string Revoke =
        "UPDATE authorizations SET status = 'revoked', revoked_at = $2, concurrency_token = 'revoked' WHERE id = $1 AND status = 'valid' RETURNING id";

    private static readonly string FindWithAccount = $"""
        SELECT g.id, g.account_id, g.application_id, g.sid, g.security_stamp, g.scopes, g.claims_request, g.authenticated_at,
               g.methods, g.expires_at, g.resources, {AccountRow.Columns("a")}
        FROM authorizations g JOIN accounts a ON a.id = g.account_id
        WHERE g.id = $1 AND g.expires_at > $2 AND g.status = 'valid'
          AND NOT a.disabled AND a.security_stamp = g.security_stamp
          AND (g.offline OR (SELECT TRUE FROM sessions s WHERE s.sid = g.sid AND s.ended_at IS NULL LIMIT 1))
        """;

    /// <summary>Redeems a code: inserts its authorization.</summary>
    /// <returns>True once. False when it exists already, or when the session has ended since.</returns>
    public async ValueTask<bool> RedeemAsync(NewGrant grant, CancellationToken cancellationToken) =>
        await sql.WriteOneAsync(
            Insert,
            row => "redeemed",
            cancellationToken,
            grant.Live.Id,
            grant.Live.AccountId,
            Subject.Of(grant.Live.AccountId),
            grant.Live.ApplicationId,
            grant.Live.Sid,
            grant.Live.SecurityStamp,
            JsonSerializer.Serialize(Scopes.Split(grant.Live.Scopes), ScopesJson.Default.IReadOnlyListString),
            grant.Live.ClaimsRequest,
            grant.Live.AuthenticatedAt,
            grant.Live.Methods,
            clock.GetUtcNow(),
            grant.Live.ExpiresAt,
            grant.Offline,
            grant.RefreshToken?.Hash ?? [],
            grant.RefreshToken?.FamilyHash ?? [],
            grant.Live.Resources
        )
            is not null;

    /// <summary>Replaces a refresh token by the next one.</summary>
    /// <returns>
    /// The grant, or null when the token is not the current one, or not this client's, or the grant is dead or of
    /// another kind.
    /// </returns>
    public ValueTask<LiveGrant?> RotateAsync(
        RefreshToken old,
        RefreshToken next,
        Guid applicationId,
        GrantKind kind,
        CancellationToken cancellationToken
    ) =>
        sql.WriteOneAsync(
            Rotate,
            ReadForRefresh,
            cancellationToken,
            old.GrantId,
            old.Hash,
            next.Hash,
            clock.GetUtcNow(),
            applicationId,
            kind == GrantKind.Any
        );

    /// <returns>
    /// The grant in which <paramref name="next"/> has taken the place of <paramref name="old"/> within the grace, or
    /// null.
    /// </returns>
    public ValueTask<LiveGrant?> FindRotatedAsync(
        RefreshToken old,
        RefreshToken next,
        Guid applicationId,
        TimeSpan grace,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        return sql.ReadOneAsync(
            FindRotated,
            Read,
            cancellationToken,
            old.GrantId,
            old.Hash,
            next.Hash,
            now,
            applicationId,
            now - grace,
            now + grace
        );
    }

    /// <returns>The live grant that this refresh token is the current one of, or null.</returns>
    public ValueTask<LiveGrant?> FindAsync(RefreshToken token, CancellationToken cancellationToken) =>
        sql.ReadOneAsync(
            FindByRefreshToken,
            ReadForRefresh,
            cancellationToken,
            token.GrantId,
            token.Hash,
            clock.GetUtcNow()
        );

    /// <returns>
    /// The live grant that this refresh token is the current one of, or the one before, which may still be in its
    /// grace.
    /// </returns>
    public ValueTask<LiveGrant?> FindByAnyAsync(RefreshToken token, CancellationToken cancellationToken) =>
        sql.ReadOneAsync(FindByAnyRefreshToken, Read, cancellationToken, token.GrantId, token.Hash, clock.GetUtcNow());

    /// <returns>The grant if it is alive, or null.</returns>
    public ValueTask<LiveGrant?> FindAsync(Guid grantId, CancellationToken cancellationToken) =>
        sql.ReadOneAsync(FindAlive, Read, cancellationToken, grantId, clock.GetUtcNow());

    /// <returns>
    /// The grant and its account in one look, or null when the grant is dead or the account disabled.
    /// </returns>
    public ValueTask<GrantOfAccount?> FindWithAccountAsync(Guid grantId, CancellationToken cancellationToken) =>
        sql.ReadOneAsync(
            FindWithAccount,
            row => new GrantOfAccount(Read(row), AccountRow.Read(row, 11)),
            cancellationToken,
            grantId,
            clock.GetUtcNow()
        );

    /// <summary>
    /// How a refused refresh token stands to its grant: for the log, and to tell theft from a mistake.
    /// </summary>
    public async ValueTask<RefreshTokenStanding> StandingAsync(
        RefreshToken token,
        Guid applicationId,
        CancellationToken cancellationToken
    ) =>
        await sql.ReadOneAsync(
            FindState,
            row => new State(row.Guid(0), row.BytesOrNull(1), row.BytesOrNull(2), row.Int(3), row.Text(4) != "valid"),
            cancellationToken,
            token.GrantId
        ) switch
        {
            null => RefreshTokenStanding.Unknown,
            var state when state.ApplicationId != applicationId => RefreshTokenStanding.AnotherClients,
            { Revoked: true } => RefreshTokenStanding.Revoked,
            { Current: { } current } when current.AsSpan().SequenceEqual(token.Hash) => RefreshTokenStanding.Expired,
            { Family: { } family } state
                when token.Generation < state.Generation && family.AsSpan().SequenceEqual(token.FamilyHash) =>
                RefreshTokenStanding.Replaced,
            _ => RefreshTokenStanding.Unknown,
        };

    /// <summary>Ends a grant and every token of it. Finishes even when the caller has gone.</summary>
    /// <returns>True when it was not revoked before.</returns>
    public async ValueTask<bool> RevokeAsync(Guid grantId) =>
        await sql.WriteOneAsync(Revoke, row => "revoked", CancellationToken.None, grantId, clock.GetUtcNow())
            is not null;

    /// <summary>Ends every grant of an account, offline ones too, inside the caller's transaction.</summary>
    public Task<int> RevokeAllAsync(AuthDbContext db, Guid accountId, CancellationToken cancellationToken) =>
        RevokeAllAsync(
            db.Authorizations.Where(a => a.AccountId == accountId && a.Type == Authorization.SignIn),
            cancellationToken
        );

    /// <summary>Ends these grants, inside the caller's transaction.</summary>
    public Task<int> RevokeAllAsync(IQueryable<Authorization> grants, CancellationToken cancellationToken)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        return grants
            .Where(a => a.Status == Statuses.Valid)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(a => a.Status, Statuses.Revoked)
                        .SetProperty(a => a.RevokedAt, now)
                        .SetProperty(a => a.ConcurrencyToken, Statuses.Revoked),
                cancellationToken
            );
    }

    /// <summary>
    /// Clean-up: removes those of the grants that were dead before this instant. Any code that could be redeemed for
    /// them has expired long since.
    /// </summary>
    public static Task<int> RemoveDeadAsync(
        AuthDbContext db,
        IReadOnlyCollection<Guid> ids,
        DateTimeOffset before,
        CancellationToken cancellationToken
    ) =>
        db
            .Authorizations.Where(g =>
                EF.Parameter(ids).Contains(g.Id) && (g.ExpiresAt < before || g.RevokedAt < before)
            )
            .ExecuteDeleteAsync(cancellationToken);

    private static LiveGrant ReadForRefresh(HotRow row) => Read(row) with { SessionSeenAt = row.InstantOrNull(11) };

    private static LiveGrant Read(HotRow row) =>
        new(
            row.Guid(0),
            row.Guid(1),
            row.Guid(2),
            row.Text(3),
            row.Guid(4),
            Scopes.Join(JsonSerializer.Deserialize(row.Text(5), ScopesJson.Default.IReadOnlyListString) ?? []),
            row.TextOrNull(6),
            row.Instant(7),
            row.Text(8),
            row.Instant(9),
            row.TextOrNull(10)
        );

    private sealed record State(Guid ApplicationId, byte[]? Current, byte[]? Family, int Generation, bool Revoked);
}

/// <summary>A grant that is about to be written.</summary>
/// <param name="Live">What it will be.</param>
/// <param name="Offline">True: it outlives the session.</param>
/// <param name="RefreshToken">Its first refresh token, or null.</param>
internal sealed record NewGrant(LiveGrant Live, bool Offline, RefreshToken? RefreshToken);

/// <summary>Scopes as OpenIddict keeps them: a JSON array.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class ScopesJson : JsonSerializerContext;

/// <summary>A live grant and whose it is.</summary>
internal sealed record GrantOfAccount(LiveGrant Grant, Account Account);

/// <summary>Which grants a statement is meant for.</summary>
internal enum GrantKind
{
    Any,

    /// <summary>Those with the scope <c>openid</c> and without resources of their own (RFC 8707).</summary>
    Plain,
}

internal enum RefreshTokenStanding
{
    /// <summary>
    /// No such grant, or no token of it; or one of two that took the same token's place, and the other lives.
    /// </summary>
    Unknown,

    AnotherClients,

    Revoked,

    /// <summary>The current token of a grant whose time or session is over.</summary>
    Expired,

    /// <summary>One before the current one, after its grace: somebody else has used it.</summary>
    Replaced,
}
