using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.Tokens;

/// <summary>An access token just made.</summary>
/// <param name="Text">The JWT.</param>
/// <param name="ExpiresIn">Seconds.</param>
internal sealed record IssuedAccessToken(string Text, int ExpiresIn);

/// <summary>Makes access tokens: JWTs of RFC 9068.</summary>
internal sealed class AccessTokens(JwtSigner signer, IOptions<ProtocolOptions> options, TimeProvider clock)
{
    public const string Type = "at+jwt";

    /// <param name="client">Whom it is issued to.</param>
    /// <param name="order">What it is good for. Without a grant (client credentials) the client itself is the
    /// subject.</param>
    /// <param name="cancellationToken">Until it is signed.</param>
    public async ValueTask<IssuedAccessToken> IssueAsync(
        RegisteredClient client,
        TokenOrder order,
        CancellationToken cancellationToken
    )
    {
        var grant = order.Grant;
        var now = clock.GetUtcNow();
        var lifetime = client.Metadata.AccessTokenLifetime is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : options.Value.AccessTokenLifetime;

        // A token that outlives its grant would promise what no check keeps.
        if (grant is not null && grant.ExpiresAt - now < lifetime)
        {
            lifetime = grant.ExpiresAt - now;
        }

        var iat = now.ToUnixTimeSeconds();
        var exp = Math.Min((now + lifetime).ToUnixTimeSeconds(), order.Exchange?.ExpiresAt ?? long.MaxValue);
        var payload = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(payload, JsonAnswer.Plain))
        {
            json.WriteStartObject();
            json.WriteString("iss", options.Value.Issuer);
            json.WriteString("sub", grant is null ? client.ClientId : Subject.Of(grant.AccountId));
            WriteAudience(json, order.Audience.Count > 0 ? order.Audience : client.Metadata.AccessTokenAudience);
            json.WriteString("client_id", client.ClientId);
            json.WriteNumber("iat", iat);
            json.WriteNumber("exp", exp);
            json.WriteString("jti", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
            json.WriteString("scope", order.Scopes);
            if (grant is not null)
            {
                json.WriteNumber("auth_time", Math.Min(grant.AuthenticatedAt.ToUnixTimeSeconds(), iat));
                json.WriteString("sid", grant.Sid);
                json.WriteString(AccessTokenReader.GrantClaim, grant.Id);
            }

            if (order.CertificateHash is { } hash)
            {
                json.WriteStartObject("cnf");
                json.WriteString(AccessTokenReader.CertificateMember, hash);
                json.WriteEndObject();
            }

            if (order.Exchange is { } exchange)
            {
                WriteActor(json, client, exchange);
            }

            json.WriteEndObject();
        }

        var token = await signer.SignAsync(
            client.Metadata.AccessTokenSignedResponseAlg,
            Type,
            payload.WrittenMemory,
            cancellationToken
        );
        return new IssuedAccessToken(token, (int)(exp - iat));
    }

    // RFC 8693 §4.1: who acts now, around who acted before.
    private static void WriteActor(Utf8JsonWriter json, RegisteredClient client, ExchangedFrom exchange)
    {
        json.WriteStartObject("act");
        json.WriteString("sub", client.ClientId);
        if (exchange.Actor is { } earlier)
        {
            json.WritePropertyName("act");
            json.WriteRawValue(earlier);
        }

        json.WriteEndObject();
    }

    private void WriteAudience(Utf8JsonWriter json, IReadOnlyList<string> audiences)
    {
        switch (audiences)
        {
            case []:
                json.WriteString("aud", options.Value.Issuer);
                break;
            case [var one]:
                json.WriteString("aud", one);
                break;
            case var several:
                json.WriteStartArray("aud");
                foreach (var audience in several)
                {
                    json.WriteStringValue(audience);
                }

                json.WriteEndArray();
                break;
        }
    }
}
