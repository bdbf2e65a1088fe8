using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AuthServer.Protocol.BackchannelLogout;

namespace AuthServer.Protocol.ClientProof;

/// <summary>
/// Whether a certificate was issued, for a client, by one of the authorities of a PEM file (RFC 8705 §2.1).
/// </summary>
/// <remarks>
/// Revocation is not looked up: an authority of one's own rarely publishes it, and its site must not hold up tokens.
/// </remarks>
internal sealed class CertificateTrust(string file)
{
    private const string ClientAuthenticationPurpose = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection _authorities = AppCalls.Read(file);

    /// <summary>True when the certificate is the authority's own.</summary>
    public static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    public bool Issued(X509Certificate2 certificate, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true; // a stranger's certificate must not make us call anywhere
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthenticationPurpose));
        foreach (var authority in _authorities)
        {
            (IsRoot(authority) ? chain.ChainPolicy.CustomTrustStore : chain.ChainPolicy.ExtraStore).Add(authority);
        }

        try
        {
            return chain.Build(certificate) && chain.ChainElements.Count > 1;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
