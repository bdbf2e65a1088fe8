using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.BackchannelLogout;

/// <summary>Settings under <c>Outbound</c>: how apps are called.</summary>
public sealed class OutboundOptions
{
    public const string Section = "Outbound";

    /// <summary>
    /// A PEM file with certificates that are trusted beside the machine's own when apps are called. Default: none.
    /// </summary>
    public string? TrustedCertificates { get; set; }
}

/// <summary>Checks that the file can be read before anything depends on it.</summary>
internal sealed class OutboundRules : IValidateOptions<OutboundOptions>
{
    public ValidateOptionsResult Validate(string? name, OutboundOptions options)
    {
        if (options.TrustedCertificates is not { } file)
        {
            return ValidateOptionsResult.Success;
        }

        try
        {
            return AppCalls.Read(file).Count > 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    "Outbound:TrustedCertificates names a file without a PEM certificate in it."
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return ValidateOptionsResult.Fail(
                $"Outbound:TrustedCertificates cannot be read: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}."
            );
        }
    }
}

/// <summary>
/// The client with which apps are called: no redirects are followed, no cookies kept, certificates are checked.
/// </summary>
internal static class AppCalls
{
    public const string Name = "apps";

    public static void AddAppCalls(this IServiceCollection services)
    {
        services.AddOptions<OutboundOptions>().BindConfiguration(OutboundOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OutboundOptions>, OutboundRules>();
        services
            .AddHttpClient(Name)
            .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                MaxResponseHeadersLength = 16,
                SslOptions = Trust(provider.GetRequiredService<IOptions<OutboundOptions>>().Value.TrustedCertificates),
            })
            .RemoveAllLoggers(); // they would log addresses
    }

    public static X509Certificate2Collection Read(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates;
    }

    private static SslClientAuthenticationOptions Trust(string? file)
    {
        var options = new SslClientAuthenticationOptions();
        if (file is null)
        {
            return options;
        }

        var trusted = Read(file);
        options.RemoteCertificateValidationCallback = (_, certificate, presented, errors) =>
            errors switch
            {
                SslPolicyErrors.None => true,
                SslPolicyErrors.RemoteCertificateChainErrors when certificate is not null => IsSignedBy(
                    trusted,
                    certificate,
                    presented
                ),
                _ => false, // another host's, or none
            };
        return options;
    }

    private static bool IsSignedBy(
        X509Certificate2Collection trusted,
        X509Certificate certificate,
        X509Chain? presented
    )
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // an authority of one's own rarely says
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(leaf);
    }
}
