namespace AuthServer.Clients;

/// <summary>A relying party: its id and its metadata. Its secrets are rows of <see cref="ClientSecret"/>.</summary>
public sealed class Client
{
    public required string ClientId { get; init; }

    /// <summary>RFC 7591 metadata and ours, kept as one JSON column: a new field needs no migration.</summary>
    public required ClientMetadata Metadata { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }
}
