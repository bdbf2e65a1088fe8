using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>A certificate with an RSA private key, in a file.</summary>
public class SealingCertificateOptions
{
    /// <summary>PKCS #12 (.pfx, .p12), or PEM.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM: the private key, when it is in a file of its own.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The password of the PKCS #12 file or of the encrypted PEM key.</summary>
    public string? Password { get; set; }
}

/// <summary>
/// Settings under <c>DataProtection</c>: what seals the data-protection keys in the database, which seal cookies, codes
/// and signing keys in their turn. Without a certificate, whoever reads the database reads them too.
/// </summary>
public sealed class SealingOptions : SealingCertificateOptions
{
    public const string Section = "DataProtection";

    /// <summary>
    /// Certificates that sealed before this one: kept until the keys they sealed have expired (90 days).
    /// </summary>
    public SealingCertificateOptions[] Earlier { get; set; } = [];
}

/// <summary>Reads the certificates once, at start, and says which one cannot be used and why.</summary>
internal sealed class SealingCertificates : IValidateOptions<SealingOptions>
{
    public ValidateOptionsResult Validate(string? name, SealingOptions options)
    {
        List<string> mistakes = [];
        Check(options, SealingOptions.Section);
        for (var i = 0; i < options.Earlier.Length; i++)
        {
            Check(options.Earlier[i], $"{SealingOptions.Section}:Earlier:{i}");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);

        void Check(SealingCertificateOptions certificate, string key)
        {
            if (certificate.CertificateFile is null)
            {
                return;
            }

            if (!File.Exists(certificate.CertificateFile))
            {
                mistakes.Add($"{key}:CertificateFile names a file that does not exist: {certificate.CertificateFile}.");
                return;
            }

            try
            {
                using var loaded = Load(certificate);
                using var rsa = loaded.GetRSAPrivateKey();
                if (rsa is null)
                {
                    mistakes.Add(
                        $"{key}:CertificateFile must hold an RSA certificate with its private key (or name it in {key}:KeyFile)."
                    );
                }
            }
            catch (Exception e)
                when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                mistakes.Add(
                    $"{key}:CertificateFile cannot be used: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}."
                );
            }
        }
    }

    public static X509Certificate2 Load(SealingCertificateOptions options)
    {
        var file = options.CertificateFile ?? throw new InvalidOperationException("There is no certificate to load.");
        if (Path.GetExtension(file).ToUpperInvariant() is ".PFX" or ".P12")
        {
            return X509CertificateLoader.LoadPkcs12FromFile(file, options.Password);
        }

        return options.Password is null
            ? X509Certificate2.CreateFromPemFile(file, options.KeyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(file, options.Password, options.KeyFile);
    }
}

/// <summary>
/// Data protection: one application name for every process, keys sealed by the configured certificate.
/// </summary>
internal static class DataProtectionKeys
{
    /// <summary>Part of what every sealed value is bound to: it must never change.</summary>
    private const string ApplicationName = "ePortfolios.Auth";

    public static void AddDataProtectionKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SealingOptions>().BindConfiguration(SealingOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SealingOptions>, SealingCertificates>();
        builder.Services.AddHostedService<UnsealedKeysWarning>();

        var protection = builder
            .Services.AddDataProtection()
            .SetApplicationName(ApplicationName)
            .UseCryptographicAlgorithms(
                new AuthenticatedEncryptorConfiguration
                {
                    // As strong as the default CBC with HMAC, in a third of its time.
                    EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM,
                }
            );
        var options =
            builder.Configuration.GetSection(SealingOptions.Section).Get<SealingOptions>() ?? new SealingOptions();
        if (new SealingCertificates().Validate(null, options).Failed)
        {
            return; // refused when the server starts, with the reason
        }

        if (options.CertificateFile is not null)
        {
            protection.ProtectKeysWithCertificate(SealingCertificates.Load(options));
        }

        SealingCertificateOptions[] all = [options, .. options.Earlier];
        protection.UnprotectKeysWithAnyCertificate([
            .. all.Where(certificate => certificate.CertificateFile is not null).Select(SealingCertificates.Load),
        ]);
    }
}

/// <summary>Warns at start in Production when the keys in the database are not sealed.</summary>
internal sealed partial class UnsealedKeysWarning(
    IOptions<KeyManagementOptions> keys,
    IHostEnvironment environment,
    ILogger<UnsealedKeysWarning> logger
) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (environment.IsProduction() && keys.Value.XmlEncryptor is null)
        {
            Unsealed();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        1003,
        LogLevel.Warning,
        "The data-protection keys in the database are not sealed: whoever can read the database can forge sessions and tokens. Set DataProtection:CertificateFile."
    )]
    private partial void Unsealed();
}
