using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AuthServer.Mail.Transports;

/// <summary>MailKit's SMTP client with the settings under <c>Mail:Smtp</c>, for one message.</summary>
internal sealed class MailServerClient : SmtpClient
{
    private readonly SmtpOptions _options;

    public MailServerClient(SmtpOptions options, string helloName)
    {
        _options = options;
        LocalDomain = helloName;
        Timeout = (int)options.Timeout.TotalMilliseconds;
        CheckCertificateRevocation = false; // as SslStream does; private authorities rarely publish lists
    }

    /// <summary>Connects, begins TLS and authenticates.</summary>
    /// <exception cref="SmtpProtocolException">The server does not offer STARTTLS, which is required.</exception>
    /// <exception cref="AuthenticationException">The server refused the credentials.</exception>
    public async Task OpenAsync(SmtpTokens tokens, CancellationToken cancellationToken)
    {
        try
        {
            await ConnectAsync(_options.Host ?? "", _options.EffectivePort, TlsMode(), cancellationToken);
        }
        catch (NotSupportedException e)
        {
            throw new SmtpProtocolException("The mail server does not offer STARTTLS, which is required.", e);
        }

        if (string.IsNullOrEmpty(_options.Username))
        {
            return;
        }

        if (_options.OAuth.IsUsed)
        {
            var token = await tokens.GetAsync(cancellationToken);
            await AuthenticateAsync(new SaslMechanismOAuth2(_options.Username, token), cancellationToken);
        }
        else
        {
            await AuthenticateAsync(_options.Username, _options.Password ?? "", cancellationToken);
        }
    }

    /// <summary>Ends the session as RFC 5321 §4.1.1.10 asks. Nothing depends on its outcome.</summary>
    public async Task QuitAsync()
    {
        try
        {
            Timeout = (int)_options.Timeout.TotalMilliseconds;
            await DisconnectAsync(quit: true, CancellationToken.None);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            // The server has hung up.
        }
    }

    /// <summary>Not measured: writing the body tells that the message is being handed over.</summary>
    protected override Task<long> GetSizeAsync(
        FormatOptions options,
        MimeMessage message,
        CancellationToken cancellationToken
    ) => Task.FromResult(-1L);

    protected override SslClientAuthenticationOptions GetSslClientAuthenticationOptions(
        string host,
        RemoteCertificateValidationCallback remoteCertificateValidationCallback
    )
    {
        var tls = base.GetSslClientAuthenticationOptions(host, remoteCertificateValidationCallback);
        if (_options.TrustedCertificates is { } authorities)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authorities);
        }

        if (_options.ClientCertificate is { } certificate)
        {
            tls.ClientCertificateContext = CertificateOf(certificate, _options.ClientCertificateKey);
        }

        return tls;
    }

    private SecureSocketOptions TlsMode() =>
        _options.EffectiveSecurity switch
        {
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
            SmtpSecurity.None => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTlsWhenAvailable,
        };

    /// <summary>The certificate, and in the same file the intermediates that are sent with it.</summary>
    private static SslStreamCertificateContext CertificateOf(string file, string? keyFile)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(file);
        return SslStreamCertificateContext.Create(
            X509Certificate2.CreateFromPemFile(file, keyFile),
            chain,
            offline: true
        );
    }
}
