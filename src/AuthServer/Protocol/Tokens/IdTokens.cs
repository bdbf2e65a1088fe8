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
    /// <param name="client">The audience.</param>
    /// <param name="grant">What was authorized.</param>
    /// <param name="nonce">From the authorization request; null at a refresh (Core §12.2).</param>
    /// <param name="accessToken">For <c>at_hash</c>.</param>
    /// <param name="account">Needed only when the <c>claims</c> parameter asked for claims in the ID token.</param>
    /// <param name="cancellationToken">Until it is signed.</param>
    public ValueTask<string> IssueAsync(
        RegisteredClient client,
        LiveGrant grant,
        string? nonce,
        string accessToken,
        Account? account,
        CancellationToken cancellationToken)
    {
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
            json.WriteNumber("auth_time", grant.AuthenticatedAt.ToUnixTimeSeconds());
            json.WriteString("sid", grant.Sid);
            json.WriteString("at_hash", HalfHash(accessToken));
            WriteMethods(json, grant.Methods);
            if (nonce is not null)
            {
                json.WriteString("nonce", nonce);
            }

            WriteRequested(json, client, grant, account);
            json.WriteEndObject();
        }

        return signer.SignAsync(client.Metadata.IdTokenSignedResponseAlg, "JWT", payload.WrittenMemory, cancellationToken);
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

    // OIDC Core §5.5: what was asked for by name, of what this client may have at all.
    private static void WriteRequested(Utf8JsonWriter json, RegisteredClient client, LiveGrant grant, Account? account)
    {
        if (grant.ClaimsRequest is null)
        {
            return;
        }

        foreach (var name in ClaimsRequest.Read(grant.ClaimsRequest).IdToken)
        {
            if (name == "acr")
            {
                json.WriteString("acr", AuthenticationContext.SingleFactor);
            }
            else if (account is not null && ClaimCatalogue.Find(name) is { } claim && client.Scopes.Contains(claim.Scope))
            {
                ClaimWriter.Write(json, claim, account);
            }
        }
    }
}
