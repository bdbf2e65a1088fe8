using System.Text.Json;
using AuthServer.Clients;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthServer.Protocol.ClientProof;

/// <summary>
/// A client assertion (RFC 7523 §3, OIDC Core §9) whose claims are as they must be. Its signature is checked by
/// OpenIddict.
/// </summary>
/// <param name="ClientId"><c>iss</c> and <c>sub</c>.</param>
/// <param name="KeyId">The header's <c>kid</c>, or null.</param>
/// <param name="TokenId"><c>jti</c>.</param>
/// <param name="ExpiresAt"><c>exp</c>.</param>
internal sealed record ClientAssertion(string ClientId, string? KeyId, string TokenId, DateTimeOffset ExpiresAt)
{
    /// <summary>The <c>client_assertion_type</c> of RFC 7523 §2.2.</summary>
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>How far ahead <c>exp</c> may be: so long its <c>jti</c> is kept.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    /// <summary>How far in the future <c>iat</c> and <c>nbf</c> may be (FAPI 2.0 Security Profile §5.3.2.1).</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);

    private const int LongestTokenId = 400;

    /// <param name="text">As it came.</param>
    /// <param name="audiences">The values of <c>aud</c> that mean this server.</param>
    /// <param name="now">The time of the request.</param>
    /// <returns>The assertion, or <c>invalid_client</c> with the reason for the log.</returns>
    public static Result<ClientAssertion> Read(string text, IReadOnlyCollection<string> audiences, DateTimeOffset now)
    {
        try
        {
            return Check(new JsonWebToken(text), audiences, now);
        }
        catch (Exception e)
            when (e
                    is ArgumentException
                        or FormatException
                        or JsonException
                        or OverflowException
                        or InvalidOperationException
            )
        {
            return Wrong("it is no JWT");
        }
    }

    private static Result<ClientAssertion> Check(
        JsonWebToken jwt,
        IReadOnlyCollection<string> audiences,
        DateTimeOffset now
    )
    {
        if (jwt.Issuer is not { Length: > 0 } issuer || jwt.Subject != issuer)
        {
            return Wrong("iss and sub are not both the client_id");
        }

        // Several are accepted when each of them means this server: older libraries send the issuer and the token
        // endpoint.
        var audience = jwt.Audiences.ToList();
        if (audience.Count == 0 || !audience.TrueForAll(audiences.Contains))
        {
            return Wrong("aud is not this server");
        }

        if (jwt.Id is not { Length: > 0 and <= LongestTokenId } id)
        {
            return Wrong("jti is missing, or too long");
        }

        if (Instant(jwt, "exp") is not { } expiresAt)
        {
            return Wrong("exp is missing");
        }

        foreach (var name in (string[])["iat", "nbf"])
        {
            if (
                jwt.TryGetPayloadValue<object>(name, out _)
                && !(Instant(jwt, name) is { } instant && instant - now <= Skew)
            )
            {
                return Wrong($"{name} is in the future");
            }
        }

        return expiresAt <= now ? Wrong("it has expired")
            : expiresAt - now > LongestLife ? Wrong("exp is more than 10 minutes ahead")
            : new ClientAssertion(issuer, jwt.Kid is { Length: > 0 } kid ? kid : null, id, expiresAt);
    }

    private static DateTimeOffset? Instant(JsonWebToken jwt, string name)
    {
        double? seconds = jwt.TryGetPayloadValue<object>(name, out var value)
            ? value switch
            {
                int i => i,
                long l => l,
                double d => d,
                _ => null,
            }
            : null;
        return seconds is >= 0 and < 253_402_300_799 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds.Value) : null;
    }

    private static ProtocolError Wrong(string reason) => ProtocolError.InvalidClient("client assertion: " + reason);
}

/// <summary>Which client an assertion says it is from. Nothing is proved yet.</summary>
internal sealed record AssertedClient(RegisteredClient Client, ClientAssertion Assertion);
