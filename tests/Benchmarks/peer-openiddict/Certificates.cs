using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenIddictPeer;

/// <summary>
/// The certificates that OpenIddict's documentation recommends for production: one to encrypt and one to sign, RSA of
/// 2,048 bits, made once by its own recipe. Development certificates have 4,096 bits: a signature costs several times
/// as much.
/// </summary>
internal static class Certificates
{
    public static X509Certificate2 Encryption { get; } =
        ReadOrMake("encryption-certificate.pfx", "CN=Peer Encryption Certificate", X509KeyUsageFlags.KeyEncipherment);

    public static X509Certificate2 Signing { get; } =
        ReadOrMake("signing-certificate.pfx", "CN=Peer Signing Certificate", X509KeyUsageFlags.DigitalSignature);

    // In the working folder, which the runner throws away at its end.
    private static X509Certificate2 ReadOrMake(string file, string subject, X509KeyUsageFlags usage)
    {
        if (!File.Exists(file))
        {
            using var algorithm = RSA.Create(keySizeInBits: 2048);
            var request = new CertificateRequest(
                new X500DistinguishedName(subject),
                algorithm,
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            );
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
            var now = TimeProvider.System.GetUtcNow();
            using var made = request.CreateSelfSigned(now, now.AddYears(2));
            File.WriteAllBytes(file, made.Export(X509ContentType.Pfx, ""));
        }

        return X509CertificateLoader.LoadPkcs12FromFile(file, "");
    }
}
