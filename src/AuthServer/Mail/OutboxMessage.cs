namespace AuthServer.Mail;

/// <summary>
/// A message that is to be sent, written in the transaction of the fact that it tells of. Its words are sealed, because
/// they may hold a reset link, and erased when a mail server has taken them; the rest stays as the trail that staff
/// see.
/// </summary>
public sealed class OutboxMessage
{
    public required Guid Id { get; init; }

    /// <summary>The kind of message, such as <c>Reminder</c>.</summary>
    public required string Kind { get; init; }

    public required string To { get; init; }

    public required string Subject { get; init; }

    /// <summary>
    /// A <see cref="MailBody"/> as JSON, sealed by data protection. Null once it was taken and nothing can come back,
    /// or sent again as another row.
    /// </summary>
    public byte[]? SealedBody { get; set; }

    /// <summary>The <c>Message-ID</c> (RFC 5322 §3.6.4), the same at every attempt.</summary>
    public required string MessageId { get; init; }

    /// <summary>Whom it is about: several accounts may share an address.</summary>
    public ICollection<OutboxSubject> Subjects { get; } = [];

    public Guid? CaseId { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }

    public required MailState State { get; set; }

    /// <summary>Not before this instant.</summary>
    public required DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>
    /// When the links in it stop working: it is not sent from then on. Null: it has none, or is of use without.
    /// </summary>
    public DateTimeOffset? GoodUntil { get; init; }

    /// <summary>
    /// How often a sender took it up. Every change of a sender names the number that it took it up with.
    /// </summary>
    public int Attempts { get; set; }

    /// <summary>A sender holds it until then.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>When it was accepted, refused for good or given up.</summary>
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>When who took it is asked what became of it. Null: it cannot be asked, or has said.</summary>
    public DateTimeOffset? AskAt { get; set; }

    /// <summary>What the mail server said last: its reply code and text, without addresses.</summary>
    public string? LastAnswer { get; set; }
}

/// <summary>What a message says about one account, or about none that is known: the link that it gives.</summary>
public sealed class OutboxSubject
{
    public required Guid MessageId { get; init; }

    /// <summary>Its place in the message, from 0.</summary>
    public required int Position { get; init; }

    public Guid? AccountId { get; init; }

    /// <summary>
    /// SHA-256 of the link's token. Null without a link, or when the message was sent again as another row.
    /// </summary>
    public byte[]? LinkHash { get; set; }

    /// <summary>
    /// When the page behind the link was first asked for: by the person, or by a program that looks at links in mail.
    /// </summary>
    public DateTimeOffset? LinkOpenedAt { get; set; }
}

public enum MailState
{
    Queued = 0,

    /// <summary>Being handed over at this moment, or the process died while it was.</summary>
    HandingOver = 1,

    /// <summary>A mail server took it.</summary>
    Accepted = 2,

    /// <summary>A mail server refused it for good (5xx); staff can send it again.</summary>
    Refused = 3,

    /// <summary>Given up after a day of trying; staff can send it again.</summary>
    Dead = 4,

    /// <summary>
    /// The process died while it handed it over: nobody knows whether it arrived; staff can send it again.
    /// </summary>
    Unknown = 5,

    /// <summary>Who took it says that it is in the person's mailbox.</summary>
    Delivered = 6,

    /// <summary>Who took it says that it could not be delivered; staff can send it again.</summary>
    Bounced = 7,

    /// <summary>
    /// Its links stopped working while it waited, so it was not sent. The person has to ask again, or be invited again.
    /// </summary>
    Expired = 8,
}

internal static class MailStates
{
    /// <summary>Those that staff look after.</summary>
    public static readonly MailState[] Failed =
    [
        MailState.Refused,
        MailState.Dead,
        MailState.Unknown,
        MailState.Bounced,
    ];
}
