using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AuthServer.Clients;

namespace AuthServer.Protocol.ClientProof;

/// <summary>Compares the names of a certificate with the one that a client registered for <c>tls_client_auth</c> (RFC 8705 §2.1.2). Pure.</summary>
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
                { TlsClientAuthSanDns: { } dns } => Texts(certificate, Dns).Contains(dns, StringComparer.OrdinalIgnoreCase),
                { TlsClientAuthSanUri: { } uri } => Texts(certificate, Uri).Contains(uri, StringComparer.Ordinal),
                { TlsClientAuthSanEmail: { } email } => Texts(certificate, Email).Contains(email, StringComparer.OrdinalIgnoreCase),
                { TlsClientAuthSanIp: { } ip } => IPAddress.TryParse(ip, out var address) && Addresses(certificate).Contains(address),
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
        Values(certificate, Ip, names => names.ReadOctetString(Ip) is { Length: 4 or 16 } bytes ? new IPAddress(bytes) : IPAddress.None);

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

/// <summary>Compares distinguished names as RFC 4517 §4.2.15 does: by type and value, without regard to case and repeated spaces.</summary>
internal static class DistinguishedNames
{
    /// <summary>RFC 4514 §3, and two names that OpenSSL writes.</summary>
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CN"] = "2.5.4.3",
        ["L"] = "2.5.4.7",
        ["ST"] = "2.5.4.8",
        ["S"] = "2.5.4.8",
        ["O"] = "2.5.4.10",
        ["OU"] = "2.5.4.11",
        ["C"] = "2.5.4.6",
        ["STREET"] = "2.5.4.9",
        ["SERIALNUMBER"] = "2.5.4.5",
        ["DC"] = "0.9.2342.19200300.100.1.25",
        ["UID"] = "0.9.2342.19200300.100.1.1",
        ["E"] = "1.2.840.113549.1.9.1",
        ["EMAILADDRESS"] = "1.2.840.113549.1.9.1",
    };

    /// <param name="registered">As RFC 4514 writes it.</param>
    /// <param name="presented">Of a certificate.</param>
    /// <returns>False also when <paramref name="registered"/> is no such name, or one part has several values (RFC 4514 <c>+</c>).</returns>
    public static bool AreSame(string registered, X500DistinguishedName presented)
    {
        if (Parse(registered) is not { } wanted)
        {
            return false;
        }

        var parts = presented.EnumerateRelativeDistinguishedNames().ToList();
        return parts.Count == wanted.Count && parts.Zip(wanted).All(pair =>
            !pair.First.HasMultipleElements
            && pair.First.GetSingleElementType().Value == pair.Second.Type
            && string.Equals(Plain(pair.First.GetSingleElementValue() ?? ""), Plain(pair.Second.Value), StringComparison.OrdinalIgnoreCase));
    }

    /// <returns>The parts, the most specific first, or null when the text is no distinguished name of single values.</returns>
    internal static IReadOnlyList<(string Type, string Value)>? Parse(string text)
    {
        var parts = new List<(string Type, string Value)>();
        for (var i = 0; i <= text.Length; i++)
        {
            var equals = text.IndexOf('=', Math.Min(i, text.Length));
            if (equals < 0 || TypeOf(text[i..equals].Trim()) is not { } type || Value(text, equals + 1) is not var (value, end))
            {
                return null;
            }

            parts.Add((type, value));
            i = end;
        }

        return parts;
    }

    private static string? TypeOf(string name) => Types.TryGetValue(name, out var oid) ? oid
        : name.Length > 0 && name.All(c => char.IsAsciiDigit(c) || c == '.') ? name
        : null;

    /// <returns>The unescaped value, and where the comma after it is; null when an escape is wrong.</returns>
    private static (string Value, int End)? Value(string text, int start)
    {
        var bytes = new List<byte>();
        var i = start;
        for (; i < text.Length && text[i] is not (',' or ';'); i++)
        {
            if (text[i] == '+')
            {
                return null;
            }

            if (text[i] != '\\')
            {
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, length));
                i += length - 1;
            }
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else if (i + 1 < text.Length)
            {
                bytes.Add((byte)text[++i]);
            }
            else
            {
                return null;
            }
        }

        return (Encoding.UTF8.GetString([.. bytes]), i);
    }

    private static string Plain(string value) =>
        string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Normalize(NormalizationForm.FormC);
}
