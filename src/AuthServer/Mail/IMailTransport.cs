namespace AuthServer.Mail;

/// <summary>A way out: a folder, a mail server, GOV.UK Notify.</summary>
internal interface IMailTransport
{
    /// <summary>How long the answer may take once a message is handed over.</summary>
    TimeSpan AnswerTimeout { get; }

    /// <summary>
    /// Hands a message over. Calls <paramref name="handOver"/> at the last moment before it may arrive, and goes on
    /// only when that says yes; from then on it does not give up early.
    /// </summary>
    /// <param name="cancellationToken">Stops it before the hand-over, never after.</param>
    Task<Delivery> SendAsync(OutgoingMail mail, HandOver handOver, CancellationToken cancellationToken);

    /// <summary>Finds out whether a message arrived whose answer nobody has.</summary>
    Task<Whereabouts> AskAsync(OutgoingMail mail, CancellationToken cancellationToken);
}

/// <summary>A transport that can be asked, some time after it took a message, what became of it.</summary>
internal interface IDeliveryReports
{
    Task<DeliveryReport> ReportAsync(Guid messageId, CancellationToken cancellationToken);
}

/// <summary>What became of a message that was taken.</summary>
/// <param name="Answer">What the other side said, for staff: without addresses.</param>
internal abstract record DeliveryReport(string Answer)
{
    /// <summary>It is in the person's mailbox.</summary>
    public sealed record Delivered(string Answer) : DeliveryReport(Answer);

    /// <summary>It was not delivered, and will not be.</summary>
    public sealed record Bounced(string Answer) : DeliveryReport(Answer);

    /// <summary>It is under way.</summary>
    public sealed record NotYet() : DeliveryReport("");

    /// <summary>The other side does not know of it (any more).</summary>
    public sealed record NeverHeardOf(string Answer) : DeliveryReport(Answer);

    /// <summary>There was no answer to the question.</summary>
    public sealed record NoAnswer(string Answer) : DeliveryReport(Answer);
}

/// <summary>Writes down that a message is being handed over.</summary>
/// <returns>False when it must not be: somebody else has taken it up.</returns>
internal delegate Task<bool> HandOver();

/// <param name="Id">Of the row.</param>
/// <param name="Kind">Such as <c>Reminder</c>.</param>
/// <param name="MessageId">With its angle brackets.</param>
/// <param name="To">As typed.</param>
/// <param name="QueuedAt">The message's <c>Date</c>.</param>
internal sealed record OutgoingMail(
    Guid Id,
    string Kind,
    string MessageId,
    string To,
    string Subject,
    DateTimeOffset QueuedAt,
    MailBody Body
);

/// <summary>What came of an attempt.</summary>
/// <param name="Answer">What the other side said, for staff: without addresses.</param>
internal abstract record Delivery(string Answer)
{
    /// <summary>It was taken: it is the other side's duty now.</summary>
    public sealed record Accepted(string Answer) : Delivery(Answer);

    /// <summary>It did not arrive, and may later.</summary>
    /// <param name="Down">True when no other message would get through either.</param>
    public sealed record TryAgain(string Answer, bool Down = false) : Delivery(Answer);

    /// <summary>It will never be taken: there is no such person, or the message itself is refused.</summary>
    public sealed record Refused(string Answer) : Delivery(Answer);

    /// <summary>It was handed over, and the answer was lost.</summary>
    public sealed record AnswerLost(string Answer) : Delivery(Answer);

    /// <summary>It was not handed over, because another sender has it.</summary>
    public sealed record TakenBack() : Delivery("");
}

/// <summary>Whether a message arrived.</summary>
internal enum Whereabouts
{
    Arrived,

    NeverArrived,

    /// <summary>The other side can tell, and did not answer now.</summary>
    AskLater,

    /// <summary>Nobody can tell.</summary>
    NobodyKnows,
}
