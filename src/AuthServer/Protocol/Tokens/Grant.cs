namespace AuthServer.Protocol.Tokens;

/// <summary>
/// One authorization that one account gave to one client in one session: one family of tokens. The row is made when the
/// authorization code is redeemed, and its key is the code's single-use gate. Written by <c>Grants</c> alone.
/// </summary>
public sealed class Grant
{
    /// <summary>Drawn when the code is made; it travels in the code and in every token as <c>gid</c>.</summary>
    public required Guid Id { get; init; }

    public required Guid AccountId { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The session's public id (<c>sid</c>) at the time.</summary>
    public required string Sid { get; init; }

    /// <summary>Space separated, as granted.</summary>
    public required string Scopes { get; init; }

    /// <summary>The request's <c>claims</c> parameter as JSON (OIDC Core §5.5), or null.</summary>
    public string? ClaimsRequest { get; init; }

    /// <summary><c>auth_time</c>.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary><c>amr</c> values, space separated.</summary>
    public required string Methods { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When nothing of this family works any more: the end of its refresh token, or of its one access token.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>True with <c>offline_access</c>: the grant outlives the session (OIDC Back-Channel Logout §2.7).</summary>
    public required bool Offline { get; init; }

    /// <summary>SHA-256 of the refresh token that works, or null when none was issued.</summary>
    public byte[]? RefreshTokenHash { get; init; }

    /// <summary>SHA-256 of what all refresh tokens of this grant begin with: whoever shows it holds one, or held one long ago.</summary>
    public byte[]? RefreshFamilyHash { get; init; }

    /// <summary>How many times the refresh token has been replaced.</summary>
    public int RefreshGeneration { get; init; }

    /// <summary>SHA-256 of the one before it, which works again for the grace period after <see cref="RotatedAt"/>.</summary>
    public byte[]? PreviousRefreshTokenHash { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}
