using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AuthServer.Mail.Transports;

/// <summary>Checks the settings under <c>Mail:Smtp</c> when that is the transport.</summary>
internal static class SmtpRules
{
    /// <returns>A sentence that names the setting and what to change, or null when all is well.</returns>
    public static string? Mistake(MailOptions options)
    {
        var smtp = options.Smtp;
        if (options.From is null)
        {
            return "Mail:From is missing: set it to the address that mail comes from, such as NHS ePortfolios <no-reply@example.nhs.uk>.";
        }

        if (string.IsNullOrWhiteSpace(smtp.Host) || Uri.CheckHostName(smtp.Host) == UriHostNameType.Unknown)
        {
            return "Mail:Smtp:Host must be the name of the mail server, such as smtp.example.nhs.uk.";
        }

        if (smtp.HelloName is { } hello && (hello.Length is 0 or > 255 || hello.Any(c => c is <= ' ' or > '~')))
        {
            return "Mail:Smtp:HelloName must be the name of this server, such as auth.example.nhs.uk.";
        }

        return CredentialsMistake(smtp) ?? ClientCertificateMistake(smtp) ?? TrustMistake(smtp.TrustedCertificates);
    }

    private static string? CredentialsMistake(SmtpOptions smtp)
    {
        if (smtp.OAuth.IsUsed)
        {
            return OAuthMistake(smtp);
        }

        if (string.IsNullOrEmpty(smtp.Username) != string.IsNullOrEmpty(smtp.Password))
        {
            return "Mail:Smtp:Username and Mail:Smtp:Password belong together: set both, or neither.";
        }

        return !string.IsNullOrEmpty(smtp.Password) && IsInTheClear(smtp)
            ? "Mail:Smtp:Security is None: Mail:Smtp:Password would travel in the clear. Use StartTls or Tls."
            : null;
    }

    private static string? OAuthMistake(SmtpOptions smtp)
    {
        var oauth = smtp.OAuth;
        if (
            !Uri.TryCreate(oauth.TokenEndpoint, UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        )
        {
            return $"Mail:Smtp:OAuth:TokenEndpoint must be an https URL; it is \"{oauth.TokenEndpoint}\".";
        }

        if (string.IsNullOrEmpty(oauth.ClientId) || string.IsNullOrEmpty(oauth.ClientSecret))
        {
            return "Mail:Smtp:OAuth:ClientId and Mail:Smtp:OAuth:ClientSecret are both needed for the token endpoint.";
        }

        if (string.IsNullOrEmpty(smtp.Username))
        {
            return "Mail:Smtp:Username is missing: with Mail:Smtp:OAuth it is the mailbox that mail is sent from.";
        }

        if (!string.IsNullOrEmpty(smtp.Password))
        {
            return "Mail:Smtp:Password and Mail:Smtp:OAuth cannot both be set: remove one.";
        }

        return IsInTheClear(smtp)
            ? "Mail:Smtp:Security is None: the token of Mail:Smtp:OAuth would travel in the clear. Use StartTls or Tls."
            : null;
    }

    private static string? ClientCertificateMistake(SmtpOptions smtp)
    {
        if (smtp.ClientCertificate is not { } file)
        {
            return smtp.ClientCertificateKey is null
                ? null
                : "Mail:Smtp:ClientCertificateKey is set without Mail:Smtp:ClientCertificate.";
        }

        if (smtp.Security == SmtpSecurity.None)
        {
            return "Mail:Smtp:ClientCertificate needs TLS: set Mail:Smtp:Security to StartTls or Tls.";
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(file, smtp.ClientCertificateKey);
            return null;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return $"Mail:Smtp:ClientCertificate or its key cannot be read: {Reason(e)}.";
        }
    }

    private static string? TrustMistake(string? file)
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0
                ? null
                : "Mail:Smtp:TrustedCertificates names a file without a PEM certificate in it.";
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return $"Mail:Smtp:TrustedCertificates cannot be read: {Reason(e)}.";
        }
    }

    private static bool IsInTheClear(SmtpOptions smtp) => smtp.Security == SmtpSecurity.None && !smtp.IsOnThisMachine;

    private static bool IsUnreadable(Exception e) =>
        e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private static string Reason(Exception e) => e.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
