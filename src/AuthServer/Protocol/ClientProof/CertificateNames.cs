using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AuthServer.Clients;

namespace AuthServer.Protocol.ClientProof;

/// <summary>
/// Compares the names of a certificate with the one that a client registered for <c>tls_client_auth</c> (RFC 8705
/// §2.1.2). Pure.
/// </summary>
internal static class CertificateNames
{
    private const string AlternativeNames = "2.5.29.17";

    // RFC 5280 §4.2.1.6: the tags of GeneralName.
    private static readonly Asn1Tag Email = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag Ip = new(TagClass.ContextSpecific, 7);

    /// <returns>True when the certificate has the registered name.</returns>
    public static bool Match(ClientMetadata metadata, X509Certificate2 certificate)
    {
        try
        {
            return metadata switch
            {
                { TlsClientAuthSubjectDn: { } dn } => DistinguishedNames.AreSame(dn, certificate.SubjectName),
                { TlsClientAuthSanDns: { } dns } => Texts(certificate, Dns)
                    .Contains(dns, StringComparer.OrdinalIgnoreCase),
                { TlsClientAuthSanUri: { } uri } => Texts(certificate, Uri).Contains(uri, StringComparer.Ordinal),
                { TlsClientAuthSanEmail: { } email } => Texts(certificate, Email)
                    .Contains(email, StringComparer.OrdinalIgnoreCase),
                { TlsClientAuthSanIp: { } ip } => IPAddress.TryParse(ip, out var address)
                    && Addresses(certificate).Contains(address),
                _ => false,
            };
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return false; // not well-formed
        }
    }

    private static List<string> Texts(X509Certificate2 certificate, Asn1Tag tag) =>
        Values(certificate, tag, names => names.ReadCharacterString(UniversalTagNumber.IA5String, tag));

    private static List<IPAddress> Addresses(X509Certificate2 certificate) =>
        Values(
            certificate,
            Ip,
            names => names.ReadOctetString(Ip) is { Length: 4 or 16 } bytes ? new IPAddress(bytes) : IPAddress.None
        );

    private static List<T> Values<T>(X509Certificate2 certificate, Asn1Tag tag, Func<AsnReader, T> read)
    {
        var values = new List<T>();
        foreach (var extension in certificate.Extensions.Where(extension => extension.Oid?.Value == AlternativeNames))
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(tag))
                {
                    values.Add(read(names));
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }
        }

        return values;
    }
}
