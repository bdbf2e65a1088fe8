using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TestSupport;

/// <summary>A certificate authority of the test, and the certificates of apps.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DateTimeOffset _now;
    private readonly X509Certificate2 _root;

    /// <param name="now">Its certificates are valid from an hour before until a month after.</param>
    public TestAuthority(DateTimeOffset now)
    {
        _now = now;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Test authority {Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(60));
    }

    public string Pem => _root.ExportCertificatePem();

    /// <param name="subject">As .NET writes it, the most specific part first.</param>
    /// <param name="names">Its alternative names.</param>
    /// <param name="purpose">Its extended key usage: 1.3.6.1.5.5.7.3.2 is client authentication.</param>
    public X509Certificate2 Issue(
        string subject,
        Action<SubjectAlternativeNameBuilder>? names = null,
        string purpose = "1.3.6.1.5.5.7.3.2"
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(subject), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        if (names is not null)
        {
            var builder = new SubjectAlternativeNameBuilder();
            names(builder);
            request.CertificateExtensions.Add(builder.Build());
        }

        using var issued = request.Create(_root, _now.AddHours(-1), _now.AddDays(30), Guid.NewGuid().ToByteArray());
        return issued.CopyWithPrivateKey(key);
    }

    /// <param name="now">It is valid from an hour before until a month after.</param>
    /// <param name="subject">As .NET writes it.</param>
    public static X509Certificate2 SelfSigned(DateTimeOffset now, string subject = "CN=app")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now.AddHours(-1),
            now.AddDays(30)
        );
    }

    public void Dispose() => _root.Dispose();
}
