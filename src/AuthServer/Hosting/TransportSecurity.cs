using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>
/// What an https endpoint of ours speaks: TLS 1.3, and 1.2 with forward secrecy and authenticated encryption, whatever
/// the machine's own defaults allow (RFC 9325 §3.1, §4.2; FAPI 2.0 Security Profile §5.2.1).
/// </summary>
internal static class TransportSecurity
{
    private static readonly TlsCipherSuite[] Suites =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ];

    public static void AddTransportSecurity(this WebApplicationBuilder builder) =>
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
            kestrel.ConfigureHttpsDefaults(https =>
            {
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                if (kestrel.ApplicationServices.GetRequiredService<IOptions<CallerCertificateOptions>>().Value.Enabled)
                {
                    // Which certificate proves what is for the endpoints to say: one that nobody issued is of use to
                    // them too (RFC 8705 §2.2).
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.AllowAnyClientCertificate();
                }

                if (OperatingSystem.IsLinux())
                {
                    // Elsewhere the operating system chooses the suites, and refuses to be told.
                    var policy = new CipherSuitesPolicy(Suites);
                    https.OnAuthenticate = (_, options) => options.CipherSuitesPolicy = policy;
                }
            })
        );
}
