namespace AuthServer.Clients;

/// <summary>One of a client's secrets: several at once, so that rotation can overlap. Only the SHA-256 is kept.</summary>
public sealed class ClientSecret
{
    public required Guid Id { get; init; }

    public required string ClientId { get; init; }

    /// <summary>SHA-256 of the secret's UTF-8 bytes (32 bytes). Secrets are 256 random bits, so no slow hash is needed.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}
