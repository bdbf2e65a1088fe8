namespace AuthServer.Protocol.Tokens;

/// <summary>What a token request has proved a right to.</summary>
internal sealed record TokenOrder
{
    /// <summary>Of the access token; space separated.</summary>
    public required string Scopes { get; init; }

    /// <summary>Null for client credentials: there is no person and no family of tokens.</summary>
    public LiveGrant? Grant { get; init; }

    /// <summary>The refresh token to hand out, or null: none, or keep the one you have.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>To be repeated in the ID token.</summary>
    public string? Nonce { get; init; }

    /// <summary>Who the access token is for (RFC 8707); empty: what the client is registered for.</summary>
    public IReadOnlyList<string> Audience { get; init; } = [];

    /// <summary>
    /// SHA-256 of the certificate that the access token is bound to, base64url (RFC 8705 §3.1); null: a bearer token.
    /// </summary>
    public string? CertificateHash { get; init; }

    /// <summary>Set for a token exchange (RFC 8693), which gives an access token alone.</summary>
    public ExchangedFrom? Exchange { get; init; }
}

/// <summary>What an exchanged token takes over from the subject token.</summary>
/// <param name="ExpiresAt">Its end in seconds since 1970, which the new token does not outlive.</param>
/// <param name="Actor">Its <c>act</c> claim as JSON, or null.</param>
internal sealed record ExchangedFrom(long ExpiresAt, string? Actor);
