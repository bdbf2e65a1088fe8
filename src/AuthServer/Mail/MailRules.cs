using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AuthServer.Mail.Transports;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail;

/// <summary>A sentence for each way to get the settings of the chosen transport wrong.</summary>
internal sealed class MailRules : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options) =>
        Mistake(options) is { } mistake ? ValidateOptionsResult.Fail(mistake) : ValidateOptionsResult.Success;

    private static string? Mistake(MailOptions options)
    {
        if (options.From is { } from && !Mailbox.TryParse(from, out _))
        {
            return $"Mail:From must be an address, such as NHS ePortfolios <no-reply@example.nhs.uk>; it is \"{from}\".";
        }

        return options.Transport switch
        {
            "Folder" => FolderMistake(options.Folder),
            "Smtp" => SmtpMistake(options),
            "Notify" => NotifyMistake(options.Notify),
            _ => null, // refused by its own rule
        };
    }

    private static string? FolderMistake(string folder)
    {
        if (string.IsNullOrWhiteSpace(folder))
        {
            return "Mail:Folder is empty: name the folder that messages are written to.";
        }

        try
        {
            FolderTransport.Make(folder);
            return null;
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"Mail:Folder cannot be used: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}.";
        }
    }

    private static string? SmtpMistake(MailOptions options)
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

        if (string.IsNullOrEmpty(smtp.Username) != string.IsNullOrEmpty(smtp.Password))
        {
            return "Mail:Smtp:Username and Mail:Smtp:Password belong together: set both, or neither.";
        }

        if (
            smtp.Security == SmtpSecurity.None
            && !string.IsNullOrEmpty(smtp.Password)
            && !SmtpTransport.IsLoopback(smtp.Host)
        )
        {
            return "Mail:Smtp:Security is None: Mail:Smtp:Password would travel in the clear. Use StartTls or Tls.";
        }

        if (smtp.HelloName is { } hello && (hello.Length is 0 or > 255 || hello.Any(c => c is <= ' ' or > '~')))
        {
            return "Mail:Smtp:HelloName must be the name of this server, such as auth.example.nhs.uk.";
        }

        return smtp.TrustedCertificates is { } file ? CertificatesMistake(file) : null;
    }

    private static string? CertificatesMistake(string file)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            return certificates.Count > 0
                ? null
                : "Mail:Smtp:TrustedCertificates names a file without a PEM certificate in it.";
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"Mail:Smtp:TrustedCertificates cannot be read: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}.";
        }
    }

    private static string? NotifyMistake(NotifyOptions notify)
    {
        if (NotifyKey.Parse(notify.ApiKey) is null)
        {
            return "Mail:Notify:ApiKey must be an API key as GOV.UK Notify shows it: a name, the service's id and the secret, with hyphens between.";
        }

        if (notify.TemplateId is null)
        {
            return "Mail:Notify:TemplateId is missing: set it to the id of a template whose subject is ((subject)) and whose message is ((body)).";
        }

        return
            Uri.TryCreate(notify.Address, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            ? null
            : $"Mail:Notify:Address must be an https URL; it is \"{notify.Address}\".";
    }
}
