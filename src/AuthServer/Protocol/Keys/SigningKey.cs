namespace AuthServer.Protocol.Keys;

/// <summary>A key pair that tokens are signed with. Its state follows from its dates; nothing else is stored.</summary>
public sealed class SigningKey
{
    /// <summary>The <c>kid</c> (RFC 7517 §4.5): the key's RFC 7638 thumbprint.</summary>
    public required string KeyId { get; init; }

    /// <summary>RS256 or ES256.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The private JWK as JSON, sealed by data protection.</summary>
    public required string SealedJwk { get; init; }

    /// <summary>The public JWK as JSON, as published.</summary>
    public required string PublicJwk { get; init; }

    /// <summary>When it was made and first published.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it starts to sign.</summary>
    public required DateTimeOffset ActivatesAt { get; set; }

    /// <summary>When it stops signing. It stays published until the tokens it signed have expired.</summary>
    public required DateTimeOffset RetiresAt { get; set; }

    /// <summary>When it is no longer published and may be deleted.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }
}
