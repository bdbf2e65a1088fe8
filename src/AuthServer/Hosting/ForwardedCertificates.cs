using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>Settings under <c>Mtls</c>: how the TLS certificate of a caller arrives here.</summary>
public sealed class CallerCertificateOptions
{
    public const string Section = "Mtls";

    /// <summary>Callers are asked for a certificate, and may have none. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// The header in which a trusted proxy passes the certificate on: <c>Client-Cert</c> of RFC 9440, or PEM,
    /// url-encoded (nginx: <c>$ssl_client_escaped_cert</c>). Default none: TLS ends here.
    /// </summary>
    public string? Header { get; set; }
}

internal sealed class CallerCertificateRules(IOptions<TrustedProxyOptions> proxies)
    : IValidateOptions<CallerCertificateOptions>
{
    public ValidateOptionsResult Validate(string? name, CallerCertificateOptions options) =>
        options.Header is not { } header ? ValidateOptionsResult.Success
        : header.Length == 0 || !header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? ValidateOptionsResult.Fail("Mtls:Header must be the name of a header, such as Client-Cert.")
        : proxies.Value is { KnownProxies: [], KnownNetworks: [] }
            ? ValidateOptionsResult.Fail(
                "Mtls:Header needs ForwardedHeaders:KnownProxies or ForwardedHeaders:KnownNetworks: the header is believed from those alone."
            )
        : ValidateOptionsResult.Success;
}

/// <summary>
/// Takes the caller's certificate from a header, from trusted proxies alone. Whatever certificate a trusted proxy
/// connects with is its own, and is put aside.
/// </summary>
internal static class ForwardedCertificates
{
    private const int LongestHeader = 16 * 1024;

    public static void AddForwardedCertificates(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<CallerCertificateOptions>()
            .BindConfiguration(CallerCertificateOptions.Section)
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<CallerCertificateOptions>, CallerCertificateRules>();
    }

    /// <summary>To be placed before forwarded headers: afterwards the proxy's address is no longer known.</summary>
    public static void UseForwardedCertificates(this WebApplication app)
    {
        if (
            app.Services.GetRequiredService<IOptions<CallerCertificateOptions>>().Value
            is not { Enabled: true, Header: { Length: > 0 } header }
        )
        {
            return;
        }

        var forwarded = app.Services.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value;
        app.Use(
            (http, next) =>
            {
                if (IsTrusted(http.Connection.RemoteIpAddress, forwarded))
                {
                    // A feature of this request: the connection's own is shared with the requests that follow on it.
                    http.Features.Set<ITlsConnectionFeature>(
                        new TlsConnectionFeature
                        {
                            ClientCertificate = http.Request.Headers[header] is [{ } value] ? Read(value) : null,
                        }
                    );
                }

                return next(http);
            }
        );
    }

    /// <returns>The certificate, or null when the header holds none.</returns>
    internal static X509Certificate2? Read(string header)
    {
        if (header.Length > LongestHeader)
        {
            return null;
        }

        try
        {
            return header is [':', .. var base64, ':'] // RFC 8941 §3.3.5: a byte sequence
                ? X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64))
                : X509Certificate2.CreateFromPem(Uri.UnescapeDataString(header));
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private static bool IsTrusted(IPAddress? address, ForwardedHeadersOptions forwarded)
    {
        if (address is null)
        {
            return false;
        }

        var caller = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return forwarded.KnownProxies.Contains(caller)
            || forwarded.KnownIPNetworks.Any(network => network.Contains(caller));
    }
}
