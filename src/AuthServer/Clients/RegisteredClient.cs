using System.Security.Cryptography;

namespace AuthServer.Clients;

/// <summary>A client as the protocol sees it: never changes once read.</summary>
/// <param name="ClientId">Its id.</param>
/// <param name="Metadata">What is registered about it.</param>
/// <param name="Secrets">Its secrets' hashes, oldest first, with the instants at which they stop working.</param>
public sealed record RegisteredClient(string ClientId, ClientMetadata Metadata, IReadOnlyList<RegisteredSecret> Secrets)
{
    /// <summary>The key of its row.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its metadata last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What people call the app: its name, or its id when none is registered.</summary>
    public string DisplayName => Metadata.ClientName ?? ClientId;

    /// <summary>Every scope that it may ask for.</summary>
    public IReadOnlyList<string> Scopes { get; } = ClientScopes.AllowedFor(Metadata);

    /// <summary>True when this is one of its secrets, and one that still works.</summary>
    internal bool HasSecret(string secret, DateTimeOffset now)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        ClientSecret.HashOf(secret, hash);

        var matches = false;
        foreach (var kept in Secrets)
        {
            matches |= kept.WorksAt(now) & CryptographicOperations.FixedTimeEquals(hash, kept.Hash);
        }

        return matches;
    }
}

/// <param name="Hash">SHA-256, 32 bytes.</param>
/// <param name="CreatedAt">When it began to work.</param>
/// <param name="ExpiresAt">Null: never.</param>
public sealed record RegisteredSecret(byte[] Hash, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    internal bool WorksAt(DateTimeOffset now) => ExpiresAt is not { } end || now < end;
}
