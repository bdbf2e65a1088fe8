using Recovery.Cases;

namespace Recovery.Ports;

/// <summary>
/// Writes to people. The message goes into the host's outbox, in the transaction of the fact that it tells of.
/// </summary>
public interface IRecoveryMessenger
{
    /// <summary>
    /// Queues a message; it is sent after the caller's transaction has been committed, and not when it is rolled back.
    /// </summary>
    /// <param name="address">The address, as the person typed it.</param>
    /// <param name="message">What it says.</param>
    /// <param name="about">Which account and case it belongs to, for the trail that staff see.</param>
    Task QueueAsync(string address, RecoveryMessage message, MessageSubject about, CancellationToken cancellationToken);

    /// <summary>What became of the messages about a case, newest first, without their words.</summary>
    Task<IReadOnlyList<MessageTrail>> TrailOfCaseAsync(Guid caseId, CancellationToken cancellationToken);

    /// <summary>What became of the messages about an account, also of those that were about others too.</summary>
    Task<IReadOnlyList<MessageTrail>> TrailOfAccountAsync(Guid accountId, CancellationToken cancellationToken);

    /// <summary>What became of the messages to an address that is about no account.</summary>
    /// <param name="address">Normalized.</param>
    Task<IReadOnlyList<MessageTrail>> TrailOfStrangerAsync(string address, CancellationToken cancellationToken);

    /// <summary>
    /// Notes the first time that the page behind a link was asked for: by the person, or by a program that looks at
    /// links in mail.
    /// </summary>
    /// <param name="linkHash">SHA-256 of the link's token, as it was given when the message was queued. One that nobody
    /// knows changes nothing.</param>
    Task NoteOpenedAsync(byte[] linkHash, CancellationToken cancellationToken);

    /// <summary>
    /// Messages that were refused for good, given up, came back or may be lost, newest first, for staff to look after.
    /// </summary>
    Task<IReadOnlyList<MessageTrail>> UndeliveredAsync(int skip, int take, CancellationToken cancellationToken);

    /// <returns>The message, or null when it is not kept (any more).</returns>
    Task<MessageTrail?> FindAsync(Guid messageId, CancellationToken cancellationToken);

    /// <summary>
    /// Queues a message that was refused, given up, came back or may be lost once more, with the same words, as a
    /// message of its own in the trail. In the caller's transaction, or in one of its own.
    /// </summary>
    /// <returns>
    /// False when it is none of these (any more), or its words are gone: somebody has sent it again already.
    /// </returns>
    Task<bool> ResendAsync(Guid messageId, CancellationToken cancellationToken);
}

/// <summary>What a message is about.</summary>
/// <param name="Parts">The accounts that it names, and its links. Empty when it is about nobody we know and gives
/// none.</param>
/// <param name="CaseId">The support case, or null.</param>
public sealed record MessageSubject(IReadOnlyList<MessagePart> Parts, Guid? CaseId = null)
{
    public MessageSubject(Guid? accountId = null, Guid? caseId = null, byte[]? linkHash = null)
        : this(accountId is null && linkHash is null ? [] : [new MessagePart(accountId, linkHash)], caseId) { }

    public IEnumerable<Guid> AccountIds => Parts.Select(part => part.AccountId).OfType<Guid>().Distinct();
}

/// <param name="AccountId">Null when it is about nobody we know.</param>
/// <param name="LinkHash">SHA-256 of the token in the link that it gives. Null: it gives none, or one that is elsewhere
/// too, whose opening tells nothing.</param>
/// <param name="LinkOpenedAt">When the page behind it was first asked for.</param>
public sealed record MessagePart(Guid? AccountId, byte[]? LinkHash, DateTimeOffset? LinkOpenedAt = null);

/// <param name="Kind">The message's type, such as <c>Reminder</c>.</param>
/// <param name="To">The address.</param>
/// <param name="State">Where it has got to.</param>
/// <param name="Detail">What the mail server said, or null.</param>
/// <param name="About">Which account and case it belongs to.</param>
/// <param name="CanBeSentAgain">It may not have arrived, and nobody has sent it again yet.</param>
public sealed record MessageTrail(
    Guid Id,
    string Kind,
    string To,
    MessageState State,
    DateTimeOffset QueuedAt,
    DateTimeOffset? SettledAt,
    int Attempts,
    string? Detail,
    MessageSubject About,
    bool CanBeSentAgain
);

/// <summary>Where a message has got to.</summary>
public enum MessageState
{
    /// <summary>Waits to be sent, or is being tried again.</summary>
    Queued = 0,

    /// <summary>A mail server took it. It may still come back, to the mailbox of who sends our mail.</summary>
    Accepted = 1,

    /// <summary>A mail server refused it for good.</summary>
    Refused = 2,

    /// <summary>Given up after a day of trying.</summary>
    Dead = 3,

    /// <summary>The server stopped while it handed it over: nobody knows whether it arrived.</summary>
    Unknown = 4,

    /// <summary>It is in the person's mailbox, says who took it. Not every mail server does.</summary>
    Delivered = 5,

    /// <summary>It was taken, and could not be delivered.</summary>
    Bounced = 6,

    /// <summary>Not sent: its links had stopped working while it waited.</summary>
    Expired = 7,
}

/// <summary>Everything recovery ever writes to anybody. The host has a template, text and HTML, for each.</summary>
public abstract record RecoveryMessage
{
    private RecoveryMessage() { }

    /// <summary>
    /// Names the app that the person came from, for links to pages that cannot know it: forgotten details, support and
    /// help. A request that is sealed in it works for an hour, its app is known for good. Null when no app is known.
    /// </summary>
    public string? Ticket { get; init; }

    /// <summary>
    /// When it stops being of use, because the links in it stop working; null when it says something that stays true.
    /// </summary>
    public DateTimeOffset? GoodUntil =>
        this switch
        {
            Reminder reminder => reminder.Accounts.Max(account => account.ExpiresAt),
            Invitation invitation => invitation.ExpiresAt,
            ProveAddress proof => proof.ExpiresAt,
            ResumeCase resume => resume.ExpiresAt,
            MoreWanted question => question.ExpiresAt,
            AccessRestored restored => restored.ExpiresAt,
            _ => null,
        };

    /// <summary>The usernames of an address, each with a link to choose a new password.</summary>
    /// <param name="Name">Whom to greet; null when the accounts belong to different names.</param>
    public sealed record Reminder(string? Name, IReadOnlyList<RemindedAccount> Accounts, Circumstances Asked)
        : RecoveryMessage;

    /// <summary>Nobody uses this address here: what to try next.</summary>
    public sealed record UnknownAddress(Circumstances Asked) : RecoveryMessage;

    /// <summary>
    /// An account has this address, which is not confirmed yet: the email gives no details and says what to try next.
    /// </summary>
    public sealed record UnconfirmedAddress(Circumstances Asked) : RecoveryMessage;

    /// <summary>Every account of the address is disabled: whom to ask, and no link.</summary>
    /// <param name="Name">Whom to greet; null when the accounts belong to different names.</param>
    public sealed record DisabledAccount(string? Name, IReadOnlyList<string> Usernames, Circumstances Asked)
        : RecoveryMessage;

    /// <summary>A first password can be chosen.</summary>
    public sealed record Invitation(string Name, string Username, string Link, DateTimeOffset ExpiresAt)
        : RecoveryMessage;

    /// <summary>The password was changed; what to do if it was not you.</summary>
    /// <param name="IsFirst">True: the account had none before.</param>
    public sealed record PasswordChanged(string Name, string Username, Circumstances Changed, bool IsFirst = false)
        : RecoveryMessage;

    /// <summary>Prove the new address, which opens the case.</summary>
    public sealed record ProveAddress(string Reference, string Link, DateTimeOffset ExpiresAt) : RecoveryMessage;

    /// <summary>Go on with a form that was left.</summary>
    public sealed record ResumeCase(string Reference, string Link, DateTimeOffset ExpiresAt) : RecoveryMessage;

    /// <summary>The address is proved and the case open: where to look at it.</summary>
    public sealed record CaseOpened(string Reference, string Link) : RecoveryMessage;

    /// <summary>Staff ask for more.</summary>
    public sealed record MoreWanted(string Reference, string Question, string Link, DateTimeOffset ExpiresAt)
        : RecoveryMessage;

    /// <summary>To every address held: somebody is about to get into this account; one click stops it.</summary>
    public sealed record AccessWillBeRestored(
        string Name,
        string Username,
        string Reference,
        DateTimeOffset ReleaseAt,
        string StopLink
    ) : RecoveryMessage;

    /// <summary>To the new address: approved, and when the link will come.</summary>
    public sealed record CaseApproved(string Reference, DateTimeOffset ReleaseAt) : RecoveryMessage;

    /// <summary>To the new address: the link.</summary>
    public sealed record AccessRestored(
        string Name,
        string Username,
        string Reference,
        string Link,
        DateTimeOffset ExpiresAt
    ) : RecoveryMessage;

    public sealed record CaseRejected(string Reference, string Reason) : RecoveryMessage;

    /// <param name="Late">True: the link had been sent, and does not work any more.</param>
    public sealed record CaseStopped(string Reference, bool Late = false) : RecoveryMessage;

    /// <summary>To whom approved it: somebody at a held address stopped the case, or came too late to.</summary>
    public sealed record CaseStoppedForStaff(string Reference, StopMoment Moment = StopMoment.InTime) : RecoveryMessage;

    /// <summary>A question was not answered in time, so the case is closed.</summary>
    public sealed record CaseLapsed(string Reference) : RecoveryMessage;

    /// <summary>To staff who asked for it: what is new on the desk.</summary>
    /// <param name="More">Cases besides those that are named.</param>
    /// <param name="Link">Leads to the case, or to the desk when there are several.</param>
    /// <param name="Settings">Where they choose which emails they are sent.</param>
    public sealed record DeskNews(IReadOnlyList<DeskNewsItem> Cases, int More, string Link, string Settings)
        : RecoveryMessage;

    /// <summary>To staff who asked for it, every day: how much waits on the desk.</summary>
    /// <param name="Link">Leads to the desk.</param>
    /// <param name="Settings">Where they choose which emails they are sent.</param>
    public sealed record DeskSummary(DeskFigures Figures, string Link, string Settings) : RecoveryMessage;
}

/// <summary>A case that staff are told about: its reference and nothing that the person stated.</summary>
public sealed record DeskNewsItem(string Reference, CaseNews News);

/// <summary>How much there is to do on the desk.</summary>
/// <param name="Waiting">Cases that need a decision, a first or a second one.</param>
/// <param name="News">Cases with something new that no member of staff has acted on.</param>
/// <param name="Mine">Of those that need a decision, how many are assigned to the member of staff who looks.</param>
/// <param name="Second">Cases that need a second approval.</param>
/// <param name="Asked">Cases whose person was asked for more.</param>
/// <param name="Approved">Cases whose waiting time runs.</param>
/// <param name="Alarms">Alarms that staff have not settled.</param>
/// <param name="OldestOpenedAt">When the oldest case that needs a decision was opened; null when there is none.</param>
public sealed record DeskFigures(
    int Waiting,
    int News,
    int Mine,
    int Second,
    int Asked,
    int Approved,
    int Alarms,
    DateTimeOffset? OldestOpenedAt
);

/// <summary>When somebody at a held address stopped a case.</summary>
public enum StopMoment
{
    /// <summary>While the waiting time ran.</summary>
    InTime = 0,

    /// <summary>After the link was sent, before anybody used it.</summary>
    BeforeUse = 1,

    /// <summary>After a password was chosen: nothing could be stopped.</summary>
    AfterUse = 2,
}

/// <param name="Link">Absolute, with the token in its path. Null: the account is disabled, or was sent its links of
/// this hour.</param>
/// <param name="ExpiresAt">When the link stops working.</param>
/// <param name="Disabled">Support has to be asked.</param>
/// <param name="HasPassword">False: one has never been chosen.</param>
public sealed record RemindedAccount(
    string Username,
    string DisplayName,
    string? Link,
    DateTimeOffset? ExpiresAt,
    bool Disabled = false,
    bool HasPassword = true
);

/// <summary>Who asked, as far as it can be said without tracking anybody.</summary>
/// <param name="Browser">Such as "Safari on iPhone", or null.</param>
public sealed record Circumstances(DateTimeOffset At, string? Browser);
