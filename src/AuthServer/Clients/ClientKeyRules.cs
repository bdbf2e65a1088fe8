using System.Net;

namespace AuthServer.Clients;

/// <summary>
/// Rules about keys and certificates that clients authenticate with (RFC 7591 §2, RFC 7523, RFC 8705). Part of
/// <see cref="ClientMetadataRules.All"/>.
/// </summary>
internal static class ClientKeyRules
{
    public static IReadOnlyList<Func<ClientMetadata, IEnumerable<MetadataMistake>>> All { get; } =
    [
        KeysAreInOnePlace,
        MethodHasItsKeys,
        KeysArePublic,
        AssertionAlgorithmIsKnown,
        CertificateIsNamedInOneWay,
        CertificateNamesAreWellFormed,
    ];

    private static IEnumerable<MetadataMistake> KeysAreInOnePlace(ClientMetadata metadata) =>
        metadata is { Jwks: not null, JwksUri: not null }
            ? [MetadataMistake.InMetadata("jwks and jwks_uri must not both be set.")] // RFC 7591 §2
            : [];

    private static IEnumerable<MetadataMistake> MethodHasItsKeys(ClientMetadata metadata) =>
        metadata
            is {
                TokenEndpointAuthMethod: ClientAuthentication.PrivateKeyJwt or ClientAuthentication.SelfSignedTlsClient,
                Jwks: null,
                JwksUri: null,
            }
            ?
            [
                MetadataMistake.InMetadata(
                    $"jwks or jwks_uri must be set with token_endpoint_auth_method {metadata.TokenEndpointAuthMethod}."
                ),
            ]
            : [];

    private static IEnumerable<MetadataMistake> KeysArePublic(ClientMetadata metadata) =>
        metadata.Jwks is { } jwks
            ? ClientKeys.Mistakes(jwks).Select(end => MetadataMistake.InMetadata("jwks" + end))
            : [];

    private static IEnumerable<MetadataMistake> AssertionAlgorithmIsKnown(ClientMetadata metadata) =>
        ClientMetadataRules.OneOf(
            "token_endpoint_auth_signing_alg",
            metadata.TokenEndpointAuthSigningAlg,
            ClientAuthentication.AssertionAlgorithms
        );

    // RFC 8705 §2.1.2: exactly one, and only with this method.
    private static IEnumerable<MetadataMistake> CertificateIsNamedInOneWay(ClientMetadata metadata)
    {
        var named = CertificateNames(metadata).Count(name => name.Value is not null);
        if (metadata.TokenEndpointAuthMethod == ClientAuthentication.TlsClient)
        {
            return named == 1
                ? []
                :
                [
                    MetadataMistake.InMetadata(
                        "tls_client_auth_subject_dn, _san_dns, _san_uri, _san_ip or _san_email: exactly one must be set with tls_client_auth."
                    ),
                ];
        }

        return named == 0
            ? []
            :
            [
                MetadataMistake.InMetadata(
                    "tls_client_auth_ members must be set with token_endpoint_auth_method tls_client_auth only."
                ),
            ];
    }

    private static IEnumerable<MetadataMistake> CertificateNamesAreWellFormed(ClientMetadata metadata)
    {
        foreach (var (member, value) in CertificateNames(metadata))
        {
            if (value is not null && (value.Trim().Length is 0 or > 400 || value.Any(char.IsControl)))
            {
                yield return MetadataMistake.InMetadata(
                    $"{member} must be 1 to 400 characters long, without control characters."
                );
            }
        }

        if (metadata.TlsClientAuthSanIp is { } address && !IPAddress.TryParse(address, out _))
        {
            yield return MetadataMistake.InMetadata("tls_client_auth_san_ip must be an IP address."); // RFC 8705 §2.1.2
        }
    }

    private static (string Member, string? Value)[] CertificateNames(ClientMetadata metadata) =>
        [
            ("tls_client_auth_subject_dn", metadata.TlsClientAuthSubjectDn),
            ("tls_client_auth_san_dns", metadata.TlsClientAuthSanDns),
            ("tls_client_auth_san_uri", metadata.TlsClientAuthSanUri),
            ("tls_client_auth_san_ip", metadata.TlsClientAuthSanIp),
            ("tls_client_auth_san_email", metadata.TlsClientAuthSanEmail),
        ];
}
