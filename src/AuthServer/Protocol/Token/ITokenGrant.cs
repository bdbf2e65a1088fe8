using AuthServer.Clients;
using AuthServer.Protocol.Tokens;

namespace AuthServer.Protocol.Token;

/// <summary>One way to earn tokens: everything that differs between grant types, and nothing else.</summary>
internal interface ITokenGrant
{
    /// <summary>The <c>grant_type</c> value this grant serves.</summary>
    string GrantType { get; }

    /// <summary>Proves the request's right to tokens, and spends what it proves it with.</summary>
    /// <returns>What to issue, or <c>invalid_grant</c> and its kin.</returns>
    ValueTask<Result<TokenOrder>> ProveAsync(RegisteredClient client, Parameters form, CancellationToken cancellationToken);
}

/// <summary>What a grant has proved a right to.</summary>
internal sealed record TokenOrder
{
    /// <summary>Of the access token; space separated.</summary>
    public required string Scopes { get; init; }

    /// <summary>Null for client credentials: there is no person and no family of tokens.</summary>
    public LiveGrant? Grant { get; init; }

    /// <summary>The token to hand out, or null: none, or keep the one you have.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>To be repeated in the ID token.</summary>
    public string? Nonce { get; init; }
}
