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
            "Smtp" => SmtpRules.Mistake(options),
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
