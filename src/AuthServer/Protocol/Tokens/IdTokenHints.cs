using AuthServer.Protocol.Keys;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Protocol.Tokens;

/// <summary>What an ID token of ours says when an app shows it again.</summary>
internal sealed record IdTokenHint(string Subject, string ClientId, string? Sid);

/// <summary>
/// Reads <c>id_token_hint</c> (OIDC Core §3.1.2.1, RP-Initiated Logout §2): signature and issuer are verified, expiry
/// is not, because a hint is about the past.
/// </summary>
internal sealed class IdTokenHints(SigningKeyRing keys, IOptions<ProtocolOptions> options)
{
    private readonly JsonWebTokenHandler _handler = new();

    /// <returns>The hint, or <c>invalid_request</c> when it is not an ID token of ours.</returns>
    public async ValueTask<Result<IdTokenHint>> ReadAsync(string idToken, CancellationToken cancellationToken)
    {
        var result = await _handler.ValidateTokenAsync(
            idToken,
            new TokenValidationParameters
            {
                ValidIssuer = options.Value.Issuer,
                ValidTypes = ["JWT"],
                ValidAlgorithms = ["RS256", "ES256"],
                IssuerSigningKeys = await keys.PublishedKeysAsync(cancellationToken),
                ValidateAudience = false, // the audience is what we want to learn
                ValidateLifetime = false,
            }
        );
        return
            result is { IsValid: true, SecurityToken: JsonWebToken { Subject.Length: > 0 } jwt } && jwt.Audiences.Any()
            ? new IdTokenHint(
                jwt.Subject,
                jwt.Audiences.First(),
                jwt.TryGetPayloadValue<string>("sid", out var sid) ? sid : null
            )
            : ProtocolError.InvalidRequest("The id_token_hint is not an ID token of this server.");
    }
}
