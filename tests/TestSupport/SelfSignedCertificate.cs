using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TestSupport;

/// <summary>A certificate for 127.0.0.1 and localhost, as the two PEM files that Kestrel's settings name.</summary>
public sealed class SelfSignedCertificate
{
    /// <param name="folder">Where the files go.</param>
    /// <param name="now">It is valid from a day before until a year after, by the clock of this machine.</param>
    public SelfSignedCertificate(TemporaryFolder folder, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ePortfolios.Auth test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(365));

        (CertificatePath, KeyPath, Thumbprint) = (
            folder.File("tls.crt"),
            folder.File("tls.key"),
            certificate.Thumbprint
        );
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    public string CertificatePath { get; }

    public string KeyPath { get; }

    public string Thumbprint { get; }
}
