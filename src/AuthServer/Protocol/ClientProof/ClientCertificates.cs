using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AuthServer.Clients;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Protocol.ClientProof;

/// <summary>
/// The TLS certificates that clients present, what they prove, and what tokens are bound to (RFC 8705).
/// </summary>
internal sealed class ClientCertificates(IOptions<MtlsOptions> options, ClientKeySets keySets, TimeProvider clock)
{
    private readonly CertificateTrust? _trust = options.Value is { Enabled: true, CertificateAuthorities: { } file }
        ? new CertificateTrust(file)
        : null;

    /// <returns>
    /// The certificate of the request, whoever issued it; null when there is none, or certificates are off.
    /// </returns>
    public X509Certificate2? Of(HttpContext http) => options.Value.Enabled ? http.Connection.ClientCertificate : null;

    /// <returns>SHA-256 of the request's certificate as base64url (RFC 8705 §3.1), or null.</returns>
    public string? HashOf(HttpContext http) =>
        Of(http) is { } certificate ? Base64Url.EncodeToString(SHA256.HashData(certificate.RawDataMemory.Span)) : null;

    /// <returns>The hash that this client's access tokens are bound to, or null when they are bearer tokens.</returns>
    public string? HashFor(RegisteredClient client, HttpContext http) =>
        client.Metadata.TlsClientCertificateBoundAccessTokens ? HashOf(http) : null;

    /// <returns>True when the client is registered for a method that this certificate satisfies.</returns>
    public async ValueTask<bool> ProveAsync(
        RegisteredClient client,
        X509Certificate2 certificate,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        if (now < certificate.NotBefore || now > certificate.NotAfter)
        {
            return false;
        }

        switch (client.Metadata.TokenEndpointAuthMethod)
        {
            case ClientAuthentication.TlsClient:
                return _trust is not null
                    && CertificateNames.Match(client.Metadata, certificate)
                    && _trust.Issued(certificate, now);
            case ClientAuthentication.SelfSignedTlsClient:
                return (await keySets.FindAsync(client, cancellationToken)).Any(key => IsOf(key, certificate))
                    || (
                        client.Metadata.JwksUri is not null
                        && (await keySets.RenewAsync(client, cancellationToken)).Any(key => IsOf(key, certificate))
                    );
            default:
                return false;
        }
    }

    // RFC 8705 §2.2.2: the certificate itself in x5c; a client that publishes only the key is known by its key.
    private static bool IsOf(JsonWebKey key, X509Certificate2 certificate) =>
        key.X5c is [var first, ..]
            ? first == Convert.ToBase64String(certificate.RawDataMemory.Span)
            : IsPublicKeyOf(key, certificate);

    private static bool IsPublicKeyOf(JsonWebKey key, X509Certificate2 certificate)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            if (rsa?.ExportParameters(includePrivateParameters: false) is { } rsaKey)
            {
                return key.Kty == JsonWebAlgorithmsKeyTypes.RSA
                    && IsSame(key.N, rsaKey.Modulus)
                    && IsSame(key.E, rsaKey.Exponent);
            }

            using var ec = certificate.GetECDsaPublicKey();
            return ec?.ExportParameters(includePrivateParameters: false) is { } ecKey
                && key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve
                && IsSame(key.X, ecKey.Q.X)
                && IsSame(key.Y, ecKey.Q.Y);
        }
        catch (CryptographicException)
        {
            return false; // a kind of key that this machine does not know
        }
    }

    // Leading zeros are written by some and left out by others.
    private static bool IsSame(string? base64Url, byte[]? bytes) =>
        base64Url is not null
        && bytes is not null
        && Base64UrlEncoder
            .DecodeBytes(base64Url)
            .AsSpan()
            .TrimStart((byte)0)
            .SequenceEqual(bytes.AsSpan().TrimStart((byte)0));
}
