using AuthServer.Accounts;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Protocol.Tokens;

/// <summary>A grant as it is read back: everything a token of it needs.</summary>
internal sealed record LiveGrant(
    Guid Id,
    Guid AccountId,
    string ClientId,
    string Sid,
    string Scopes,
    string? ClaimsRequest,
    DateTimeOffset AuthenticatedAt,
    string Methods,
    DateTimeOffset ExpiresAt);

/// <summary>
/// The one writer of the one hot table. A code's redemption is one guarded INSERT, a refresh one guarded UPDATE; nothing is
/// read first and written then. A grant is alive while it is neither revoked nor expired, its account is not disabled and, unless
/// it is an offline one, a session with its <c>sid</c> has not ended: ending the session is what ends its grants.
/// </summary>
/// <remarks>
/// A code may be redeemed in the very moment in which its account is signed out of everything (a password reset, a lock), and
/// PostgreSQL shows neither transaction what the other is writing. So a grant also dies by the instant of its log-in: one from
/// before <c>signed_out_at</c> is dead, whoever wrote it when. That costs no lock and no second write.
/// </remarks>
internal sealed class Grants(HotSql sql, TimeProvider clock)
{
    private const string Columns =
        "id, account_id, client_id, sid, scopes, claims_request, authenticated_at, methods, expires_at";

    // Scalar looks by index, and not EXISTS under OR: PostgreSQL would answer that by hashing every session there is.
    private const string Alive =
        """
        revoked_at IS NULL
        AND (offline OR (SELECT TRUE FROM sessions s WHERE s.sid = grants.sid AND s.ended_at IS NULL LIMIT 1))
        AND (SELECT NOT a.disabled AND (a.signed_out_at IS NULL OR a.signed_out_at <= grants.authenticated_at)
             FROM accounts a WHERE a.id = grants.account_id)
        """;

    // The primary key is the single-use gate. A code whose session has ended or whose account was disabled inserts nothing either.
    private const string Insert =
        """
        INSERT INTO grants (id, account_id, client_id, sid, scopes, claims_request, authenticated_at, methods,
                            created_at, expires_at, offline, refresh_token_hash, refresh_family_hash,
                            refresh_generation)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE WHEN length($12) = 0 THEN NULL ELSE $12 END,
               CASE WHEN length($13) = 0 THEN NULL ELSE $13 END,
               0
        WHERE EXISTS (SELECT 1 FROM sessions s JOIN accounts a ON a.id = s.account_id
                      WHERE s.sid = $4 AND s.ended_at IS NULL AND NOT a.disabled)
        ON CONFLICT (id) DO NOTHING
        RETURNING id
        """;

    private const string Rotate =
        $"""
        UPDATE grants
        SET refresh_token_hash = $3, previous_refresh_token_hash = $2, rotated_at = $4,
            refresh_generation = refresh_generation + 1
        WHERE id = $1 AND refresh_token_hash = $2 AND client_id = $5 AND expires_at > $4 AND {Alive}
        RETURNING {Columns}
        """;

    // The answer to the last rotation was lost: the token before it is traded once more, within its grace.
    private const string RotateAgain =
        $"""
        UPDATE grants
        SET refresh_token_hash = $3
        WHERE id = $1 AND previous_refresh_token_hash = $2 AND rotated_at > $6 AND client_id = $5 AND expires_at > $4 AND {Alive}
        RETURNING {Columns}
        """;

    private const string FindByRefreshToken =
        $"SELECT {Columns} FROM grants WHERE id = $1 AND refresh_token_hash = $2 AND expires_at > $3 AND {Alive}";

    private const string FindByAnyRefreshToken =
        $"""
        SELECT {Columns} FROM grants
        WHERE id = $1 AND (refresh_token_hash = $2 OR previous_refresh_token_hash = $2) AND expires_at > $3 AND {Alive}
        """;

    private const string FindAlive = $"SELECT {Columns} FROM grants WHERE id = $1 AND expires_at > $2 AND {Alive}";

    private const string FindState =
        "SELECT client_id, refresh_token_hash, refresh_family_hash, refresh_generation, revoked_at FROM grants WHERE id = $1";

    private const string Revoke = "UPDATE grants SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id";

    private static readonly string FindWithAccount =
        $"""
        SELECT g.id, g.account_id, g.client_id, g.sid, g.scopes, g.claims_request, g.authenticated_at, g.methods, g.expires_at,
               {AccountRow.Columns("a")}
        FROM grants g JOIN accounts a ON a.id = g.account_id
        WHERE g.id = $1 AND g.expires_at > $2 AND g.revoked_at IS NULL
          AND NOT a.disabled AND (a.signed_out_at IS NULL OR a.signed_out_at <= g.authenticated_at)
          AND (g.offline OR (SELECT TRUE FROM sessions s WHERE s.sid = g.sid AND s.ended_at IS NULL LIMIT 1))
        """;

    /// <summary>Redeems a code: inserts its grant.</summary>
    /// <returns>True once. False when the grant exists already, or when the session has ended since.</returns>
    public async ValueTask<bool> RedeemAsync(Grant grant, CancellationToken cancellationToken) => await sql.WriteOneAsync(
        Insert,
        row => "redeemed",
        cancellationToken,
        grant.Id,
        grant.AccountId,
        grant.ClientId,
        grant.Sid,
        grant.Scopes,
        grant.ClaimsRequest,
        grant.AuthenticatedAt,
        grant.Methods,
        grant.CreatedAt,
        grant.ExpiresAt,
        grant.Offline,
        grant.RefreshTokenHash ?? [],
        grant.RefreshFamilyHash ?? []) is not null;

    /// <summary>Replaces a refresh token by the next one.</summary>
    /// <returns>The grant, or null when the token is not the current one, or not this client's, or the grant is dead.</returns>
    public ValueTask<LiveGrant?> RotateAsync(
        RefreshToken old, RefreshToken next, string clientId, CancellationToken cancellationToken) =>
        sql.WriteOneAsync(Rotate, Read, cancellationToken, old.GrantId, old.Hash, next.Hash, clock.GetUtcNow(), clientId);

    /// <summary>The same for the token before the current one, as long as the grace lasts.</summary>
    public ValueTask<LiveGrant?> RotateAgainAsync(
        RefreshToken old, RefreshToken next, string clientId, TimeSpan grace, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return sql.WriteOneAsync(
            RotateAgain, Read, cancellationToken, old.GrantId, old.Hash, next.Hash, now, clientId, now - grace);
    }

    /// <returns>The live grant that this refresh token is the current one of, or null.</returns>
    public ValueTask<LiveGrant?> FindAsync(RefreshToken token, CancellationToken cancellationToken) =>
        sql.ReadOneAsync(FindByRefreshToken, Read, cancellationToken, token.GrantId, token.Hash, clock.GetUtcNow());

    /// <returns>The live grant that this refresh token is the current one of, or the one before, which may still be in its grace.</returns>
    public ValueTask<LiveGrant?> FindByAnyAsync(RefreshToken token, CancellationToken cancellationToken) =>
        sql.ReadOneAsync(FindByAnyRefreshToken, Read, cancellationToken, token.GrantId, token.Hash, clock.GetUtcNow());

    /// <returns>The grant if it is alive, or null.</returns>
    public ValueTask<LiveGrant?> FindAsync(Guid grantId, CancellationToken cancellationToken) =>
        sql.ReadOneAsync(FindAlive, Read, cancellationToken, grantId, clock.GetUtcNow());

    /// <returns>The grant and its account in one look, or null when the grant is dead or the account disabled.</returns>
    public ValueTask<GrantOfAccount?> FindWithAccountAsync(Guid grantId, CancellationToken cancellationToken) =>
        sql.ReadOneAsync(
            FindWithAccount,
            row => new GrantOfAccount(Read(row), AccountRow.Read(row, 9)),
            cancellationToken,
            grantId,
            clock.GetUtcNow());

    /// <summary>How a refused refresh token stands to its grant: for the log, and to tell theft from a mistake.</summary>
    public async ValueTask<RefreshTokenStanding> StandingAsync(
        RefreshToken token, string clientId, CancellationToken cancellationToken) =>
        await sql.ReadOneAsync(
            FindState,
            row => new State(row.Text(0), row.BytesOrNull(1), row.BytesOrNull(2), row.Int(3), row.InstantOrNull(4) is not null),
            cancellationToken,
            token.GrantId) switch
        {
            null => RefreshTokenStanding.Unknown,
            var state when state.ClientId != clientId => RefreshTokenStanding.AnotherClients,
            { Revoked: true } => RefreshTokenStanding.Revoked,
            { Current: { } current } when current.AsSpan().SequenceEqual(token.Hash) => RefreshTokenStanding.Expired,
            { Family: { } family } state when token.Generation < state.Generation && family.AsSpan().SequenceEqual(token.FamilyHash) => RefreshTokenStanding.Replaced,
            _ => RefreshTokenStanding.Unknown,
        };

    /// <summary>Ends a grant and every token of it. Finishes even when the caller has gone.</summary>
    /// <returns>True when it was not revoked before.</returns>
    public async ValueTask<bool> RevokeAsync(Guid grantId) => await sql.WriteOneAsync(
        Revoke, row => "revoked", CancellationToken.None, grantId, clock.GetUtcNow()) is not null;

    /// <summary>Ends every grant of an account, offline ones too, inside the caller's transaction.</summary>
    public Task<int> RevokeAllAsync(AuthDbContext db, Guid accountId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return db.Grants
            .Where(g => g.AccountId == accountId && g.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.RevokedAt, now), cancellationToken);
    }

    /// <summary>
    /// Clean-up: removes those of the grants that were dead before this instant. Any code that could be redeemed for them has
    /// expired long since.
    /// </summary>
    public static Task<int> RemoveDeadAsync(
        AuthDbContext db, IReadOnlyCollection<Guid> ids, DateTimeOffset before, CancellationToken cancellationToken) =>
        db.Grants
            .Where(g => EF.Parameter(ids).Contains(g.Id) && (g.ExpiresAt < before || g.RevokedAt < before))
            .ExecuteDeleteAsync(cancellationToken);

    private static LiveGrant Read(HotRow row) => new(
        row.Guid(0),
        row.Guid(1),
        row.Text(2),
        row.Text(3),
        row.Text(4),
        row.TextOrNull(5),
        row.Instant(6),
        row.Text(7),
        row.Instant(8));

    private sealed record State(string ClientId, byte[]? Current, byte[]? Family, int Generation, bool Revoked);
}

/// <summary>A live grant and whose it is.</summary>
internal sealed record GrantOfAccount(LiveGrant Grant, Account Account);

internal enum RefreshTokenStanding
{
    /// <summary>No such grant, or no token of it; or one of two that took the same token's place, and the other lives.</summary>
    Unknown,

    AnotherClients,

    Revoked,

    /// <summary>The current token of a grant whose time or session is over.</summary>
    Expired,

    /// <summary>One before the current one, after its grace: somebody else has used it.</summary>
    Replaced,
}
