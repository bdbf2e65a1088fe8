using System.Text.Json.Serialization;

namespace AuthServer.Protocol.Tokens;

/// <summary>
/// A sign-in that a user has authorized and no client has redeemed yet: who, where, for which app and scopes.
/// </summary>
internal record AuthorizedSignIn
{
    /// <summary>The key of the grant that redeeming this inserts, once (128 random bits).</summary>
    [JsonPropertyName("g")]
    public required Guid GrantId { get; init; }

    /// <summary>The client's row, not its id: one that is registered under the same id later is another.</summary>
    [JsonPropertyName("c")]
    public required Guid ApplicationId { get; init; }

    [JsonPropertyName("a")]
    public required Guid AccountId { get; init; }

    [JsonPropertyName("s")]
    public required string Sid { get; init; }

    /// <summary>The account's at the time: a sign-out of everything since makes the grant a dead one.</summary>
    [JsonPropertyName("y")]
    public required Guid SecurityStamp { get; init; }

    /// <summary>Space separated.</summary>
    [JsonPropertyName("p")]
    public required string Scopes { get; init; }

    [JsonPropertyName("t")]
    public required DateTimeOffset AuthenticatedAt { get; init; }

    [JsonPropertyName("m")]
    public required string Methods { get; init; }

    /// <summary>The end of the session, which a grant without offline access does not outlive.</summary>
    [JsonPropertyName("e")]
    public required DateTimeOffset SessionExpiresAt { get; init; }

    [JsonPropertyName("q")]
    public string? ClaimsRequest { get; init; }

    /// <summary>The APIs that the app named (RFC 8707), space separated.</summary>
    [JsonPropertyName("x")]
    public string? Resources { get; init; }
}

[JsonSerializable(typeof(AuthorizedSignIn))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class AuthorizedSignInJson : JsonSerializerContext;
