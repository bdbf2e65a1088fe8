using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.BackchannelLogout;

/// <summary>Makes logout tokens (OIDC Back-Channel Logout 1.0 §2.4), signed like the client's ID tokens.</summary>
internal sealed class LogoutTokens(JwtSigner signer, IOptions<ProtocolOptions> options, TimeProvider clock)
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>§4: short, so that one that gets lost is of no use.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    public ValueTask<string> IssueAsync(
        RegisteredClient client,
        LogoutNotice notice,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        var payload = new ArrayBufferWriter<byte>(384);
        using (var json = new Utf8JsonWriter(payload, JsonAnswer.Plain))
        {
            json.WriteStartObject();
            json.WriteString("iss", options.Value.Issuer);
            json.WriteString("sub", Subject.Of(notice.AccountId));
            json.WriteString("aud", client.ClientId);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + Lifetime).ToUnixTimeSeconds());
            json.WriteString("jti", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
            json.WriteString("sid", notice.Sid);
            json.WriteStartObject("events");
            json.WriteStartObject(Event);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return signer.SignAsync(
            client.Metadata.IdTokenSignedResponseAlg,
            "logout+jwt",
            payload.WrittenMemory,
            cancellationToken
        );
    }
}
