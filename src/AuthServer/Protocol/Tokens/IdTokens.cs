using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Accounts;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.Tokens;

/// <summary>Makes ID tokens (OIDC Core §2, §3.1.3.6). Claims of scopes are left to userinfo (§5.4).</summary>
internal sealed class IdTokens(JwtSigner signer, IOptions<ProtocolOptions> options, TimeProvider clock)
{
    /// <summary>True when the ID token holds claims of the account, so that its row has to be read.</summary>
    public static bool NeedsAccount(RegisteredClient client, LiveGrant grant) =>
        client.Metadata.IdTokenClaims || ClaimsRequest.Read(grant.ClaimsRequest).IdToken.Any(name => name != "acr");

    /// <param name="client">The audience.</param>
    /// <param name="order">What was authorized; its nonce is null at a refresh (Core §12.2).</param>
    /// <param name="accessToken">For <c>at_hash</c>.</param>
    /// <param name="account">Needed only when <see cref="NeedsAccount"/> says so.</param>
    /// <param name="cancellationToken">Until it is signed.</param>
    public ValueTask<string> IssueAsync(
        RegisteredClient client,
        TokenOrder order,
        string accessToken,
        Account? account,
        CancellationToken cancellationToken
    )
    {
        var grant = order.Grant ?? throw new ArgumentException("An ID token is about a person.", nameof(order));
        var now = clock.GetUtcNow();
        var lifetime = client.Metadata.IdTokenLifetime is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : options.Value.IdTokenLifetime;
        var payload = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(payload, JsonAnswer.Plain))
        {
            json.WriteStartObject();
            json.WriteString("iss", options.Value.Issuer);
            json.WriteString("sub", Subject.Of(grant.AccountId));
            json.WriteString("aud", client.ClientId);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + lifetime).ToUnixTimeSeconds());
            json.WriteNumber("auth_time", Math.Min(grant.AuthenticatedAt.ToUnixTimeSeconds(), now.ToUnixTimeSeconds()));
            json.WriteString("sid", grant.Sid);
            json.WriteString("at_hash", HalfHash(accessToken));
            WriteMethods(json, grant.Methods);
            if (order.Nonce is not null)
            {
                json.WriteString("nonce", order.Nonce);
            }

            WriteClaims(json, client, order, account);
            json.WriteEndObject();
        }

        return signer.SignAsync(
            client.Metadata.IdTokenSignedResponseAlg,
            "JWT",
            payload.WrittenMemory,
            cancellationToken
        );
    }

    /// <summary>OIDC Core §3.1.3.6: both algorithms offered hash with SHA-256.</summary>
    public static string HalfHash(string token) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, 16));

    private static void WriteMethods(Utf8JsonWriter json, string methods)
    {
        json.WriteStartArray("amr");
        foreach (var method in methods.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            json.WriteStringValue(method);
        }

        json.WriteEndArray();
    }

    // OIDC Core §5.5: what was asked for by name, of what this client may have at all. With the client's switch also
    // the claims of the scopes, which Core §5.4 leaves to userinfo.
    private static void WriteClaims(Utf8JsonWriter json, RegisteredClient client, TokenOrder order, Account? account)
    {
        var requested = ClaimsRequest.Read(order.Grant?.ClaimsRequest).IdToken;
        if (requested.Contains("acr"))
        {
            json.WriteString("acr", AuthenticationContext.SingleFactor);
        }

        if (account is null)
        {
            return;
        }

        var scopes = client.Metadata.IdTokenClaims ? Scopes.Split(order.Scopes) : [];
        foreach (var claim in ClaimCatalogue.All)
        {
            if (client.Scopes.Contains(claim.Scope) && (scopes.Contains(claim.Scope) || requested.Contains(claim.Name)))
            {
                ClaimWriter.Write(json, claim, account);
            }
        }
    }
}
