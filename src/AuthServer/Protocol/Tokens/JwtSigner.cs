using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AuthServer.Protocol.Keys;

namespace AuthServer.Protocol.Tokens;

/// <summary>
/// Makes signed JWTs in compact form (RFC 7515 §7.1, RFC 7519). The signature is Microsoft.IdentityModel's.
/// </summary>
internal sealed class JwtSigner(SigningKeyRing keys)
{
    private readonly ConcurrentDictionary<(string KeyId, string Type), string> _headers = new();

    /// <param name="algorithm">RS256 or ES256.</param>
    /// <param name="type">The header's <c>typ</c> (RFC 8725 §3.11): <c>JWT</c>, <c>at+jwt</c>, …</param>
    /// <param name="payload">The claims as UTF-8 JSON.</param>
    /// <param name="cancellationToken">Until the key is at hand.</param>
    public async ValueTask<string> SignAsync(
        string algorithm,
        string type,
        ReadOnlyMemory<byte> payload,
        CancellationToken cancellationToken
    )
    {
        var credentials = await keys.SigningCredentialsAsync(algorithm, cancellationToken);
        var header = _headers.GetOrAdd(
            (credentials.Key.KeyId, type),
            static (key, algorithm) => Header(key, algorithm),
            algorithm
        );

        var signed = new ArrayBufferWriter<byte>(header.Length + 1 + Base64Url.GetEncodedLength(payload.Length));
        Encoding.ASCII.GetBytes(header, signed);
        signed.Write("."u8);
        Base64Url.EncodeToUtf8(
            payload.Span,
            signed.GetSpan(Base64Url.GetEncodedLength(payload.Length)),
            out _,
            out var written
        );
        signed.Advance(written);

        // Cached by the factory: the provider and its key handles are made once per key.
        var factory = credentials.CryptoProviderFactory ?? credentials.Key.CryptoProviderFactory;
        var provider = factory.CreateForSigning(credentials.Key, credentials.Algorithm);
        try
        {
            var signature = provider.Sign(signed.WrittenSpan.ToArray());
            return $"{Encoding.ASCII.GetString(signed.WrittenSpan)}.{Base64Url.EncodeToString(signature)}";
        }
        finally
        {
            factory.ReleaseSignatureProvider(provider);
        }
    }

    private static string Header((string KeyId, string Type) key, string algorithm)
    {
        var header = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(header, JsonAnswer.Plain))
        {
            json.WriteStartObject();
            json.WriteString("alg", algorithm);
            json.WriteString("kid", key.KeyId);
            json.WriteString("typ", key.Type);
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(header.WrittenSpan);
    }
}
