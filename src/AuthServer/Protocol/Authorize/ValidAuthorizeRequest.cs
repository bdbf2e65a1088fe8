using AuthServer.Clients;
using AuthServer.Protocol.Claims;

namespace AuthServer.Protocol.Authorize;

/// <summary>
/// What the checks prove of a request. Everything after them reads this and never the raw parameters.
/// </summary>
internal sealed record ValidAuthorizeRequest
{
    public required RegisteredClient Client { get; init; }

    public required ReturnAddress ReturnAddress { get; init; }

    /// <summary>Asked for and allowed to this client; unknown ones are gone (OIDC Core §3.1.2.1).</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    public required Prompts Prompt { get; init; }

    /// <summary>Seconds, or null.</summary>
    public required long? MaxAge { get; init; }

    public required string? Nonce { get; init; }

    public required string? CodeChallenge { get; init; }

    public required ClaimsRequest Claims { get; init; }

    /// <summary>The APIs that the app names (RFC 8707); each belongs to a scope that may be granted.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>The only <c>sub</c> that will do, from <c>id_token_hint</c> or the <c>claims</c> parameter.</summary>
    public required string? RequiredSubject { get; init; }
}

/// <summary>The <c>prompt</c> parameter (OIDC Core §3.1.2.1).</summary>
[Flags]
internal enum Prompts
{
    Any = 0,
    None = 1,
    Login = 2,
    Consent = 4,
    SelectAccount = 8,
}
