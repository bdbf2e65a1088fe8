namespace AuthServer.Mail;

/// <summary>
/// A message that is to be sent, written in the transaction of the fact that it tells of. Its words are sealed, because they
/// may hold a reset link, and erased when a mail server has taken them; the rest stays as the trail that staff see.
/// </summary>
public sealed class OutboxMessage
{
    public required Guid Id { get; init; }

    /// <summary>The kind of message, such as <c>Reminder</c>.</summary>
    public required string Kind { get; init; }

    public required string To { get; init; }

    public required string Subject { get; init; }

    /// <summary>A <see cref="MailBody"/> as JSON, sealed by data protection. Null once accepted, or sent again as another row.</summary>
    public byte[]? SealedBody { get; set; }

    /// <summary>The <c>Message-ID</c> (RFC 5322 §3.6.4), the same at every attempt.</summary>
    public required string MessageId { get; init; }

    public Guid? AccountId { get; init; }

    public Guid? CaseId { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }

    public required MailState State { get; set; }

    /// <summary>Not before this instant.</summary>
    public required DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>How often a sender took it up. Every change of a sender names the number that it took it up with.</summary>
    public int Attempts { get; set; }

    /// <summary>A sender holds it until then.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>When it was accepted, refused for good or given up.</summary>
    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>What the mail server said last: its reply code and text, without addresses.</summary>
    public string? LastAnswer { get; set; }
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

    /// <summary>The process died while it handed it over: nobody knows whether it arrived; staff can send it again.</summary>
    Unknown = 5,
}
