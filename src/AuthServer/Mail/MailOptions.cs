using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AuthServer.Mail;

/// <summary>Settings under <c>Mail</c>: how messages get out, and how long that is tried.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>
    /// <c>Folder</c> (the default: each message is a file, and nobody receives it), <c>Smtp</c>, or <c>Notify</c>
    /// (GOV.UK Notify).
    /// </summary>
    [AllowedValues("Folder", "Smtp", "Notify", ErrorMessage = "Mail:Transport must be Folder, Smtp or Notify.")]
    public string Transport { get; set; } = "Folder";

    /// <summary>
    /// Where <c>Folder</c> writes its <c>.eml</c> files. Default <c>mail</c>, relative to the working directory.
    /// </summary>
    public string Folder { get; set; } = "mail";

    /// <summary>
    /// Who writes: <c>NHS ePortfolios &lt;no-reply@example.nhs.uk&gt;</c>, or the address alone. <c>Smtp</c> has no
    /// default; its part after the @ is also that of every Message-ID. Notify writes from the address that is set
    /// there.
    /// </summary>
    public string? From { get; set; }

    /// <summary>
    /// How often each process looks for messages of others and for those that are due again. Its own are sent at once.
    /// Default 5 seconds.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:00:01",
        "00:10:00",
        ErrorMessage = "Mail:Interval must be between 00:00:01 and 00:10:00."
    )]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many messages a process hands over at the same time. Default 4.</summary>
    [Range(1, 64, ErrorMessage = "Mail:AtOnce must be between 1 and 64.")]
    public int AtOnce { get; set; } = 4;

    /// <summary>
    /// When a message that did not get through is tried again for the first time; doubled each time. Default 30
    /// seconds.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:00:01",
        "01:00:00",
        ErrorMessage = "Mail:FirstRetry must be between 00:00:01 and 01:00:00."
    )]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time between two attempts. Default 1 hour.</summary>
    [Range(
        typeof(TimeSpan),
        "00:01:00",
        "12:00:00",
        ErrorMessage = "Mail:LongestRetry must be between 00:01:00 and 12:00:00."
    )]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// A message that did not get through for this long is given up, and staff may send it again. Default 24 hours.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "01:00:00",
        "7.00:00:00",
        ErrorMessage = "Mail:GiveUpAfter must be between 01:00:00 and 7.00:00:00."
    )]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(24);

    [ValidateObjectMembers]
    public SmtpOptions Smtp { get; set; } = new();

    [ValidateObjectMembers]
    public NotifyOptions Notify { get; set; } = new();

    /// <summary><see cref="From"/>, read.</summary>
    internal MailboxAddress Sender() =>
        Mailbox.TryParse(From ?? "NHS ePortfolios <no-reply@localhost>", out var sender)
            ? sender
            : throw new InvalidOperationException("Mail:From was not checked.");
}

/// <summary>Settings under <c>Mail:Notify</c>.</summary>
public sealed class NotifyOptions
{
    /// <summary>
    /// An API key as Notify shows it: its name, the service's id and the secret, with hyphens between. There is no
    /// default.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// The id of a template of the service whose subject is <c>((subject))</c> and whose message is <c>((body))</c>.
    /// There is no default.
    /// </summary>
    public Guid? TemplateId { get; set; }

    /// <summary>The id of a reply-to address of the service. Default: the service's own.</summary>
    public Guid? ReplyToId { get; set; }

    /// <summary>Default <c>https://api.notifications.service.gov.uk</c>; http on loopback only.</summary>
    public string Address { get; set; } = "https://api.notifications.service.gov.uk";

    /// <summary>
    /// How often each process looks whether it is time to ask what became of a message. Default 1 minute.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:00:01",
        "01:00:00",
        ErrorMessage = "Mail:Notify:AskInterval must be between 00:00:01 and 01:00:00."
    )]
    public TimeSpan AskInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an answer may take. Default 30 seconds.</summary>
    [Range(
        typeof(TimeSpan),
        "00:00:01",
        "00:05:00",
        ErrorMessage = "Mail:Notify:Timeout must be between 00:00:01 and 00:05:00."
    )]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class MailOptionsValidator : IValidateOptions<MailOptions>;
