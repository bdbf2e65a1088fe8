namespace Recovery.Cases;

/// <summary>
/// A person who cannot get into any address that we know. Begins as a draft that can be left and resumed; is opened
/// when the new address is proved; is decided by support staff.
/// </summary>
public sealed class SupportCase
{
    public required Guid Id { get; init; }

    /// <summary>What people say on the telephone: eight letters and digits without look-alikes.</summary>
    public required string Reference { get; init; }

    public CaseState State { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last answer given in the draft, or the last step since.</summary>
    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>SHA-256 of the token that resumes the draft, or answers a question. Null when there is none.</summary>
    public byte[]? ResumeHash { get; set; }

    public DateTimeOffset? ResumeExpiresAt { get; set; }

    /// <summary>
    /// What the person states. One JSON column, so that a new field needs no migration and erasing it is one update.
    /// </summary>
    public CaseEvidence? Evidence { get; set; }

    /// <summary>The address to write to, as typed; proved by a link before the case is opened.</summary>
    public string? NewEmail { get; set; }

    /// <summary>
    /// SHA-256 of the normalized address: what was sent to it is counted, also when the address itself has been erased.
    /// </summary>
    public byte[]? AddressHash { get; set; }

    /// <summary>How many mails the form has had sent before it was opened.</summary>
    public int MailsSent { get; set; }

    /// <summary>SHA-256 of the token that proves the address. Kept once used, to say so to who uses it again.</summary>
    public byte[]? AddressProofHash { get; set; }

    public DateTimeOffset? AddressProvedAt { get; set; }

    public DateTimeOffset? OpenedAt { get; set; }

    /// <summary>SHA-256 of the token with which the person sees how the case stands. Null until it is opened.</summary>
    public byte[]? StatusHash { get; set; }

    /// <summary>The app that the person came from, or null.</summary>
    public string? ClientId { get; init; }

    public string? Network { get; init; }

    /// <summary>What came last from outside the desk and waits for staff to act on it; null when they have.</summary>
    public CaseNews? News { get; set; }

    /// <summary>When it came: the newest is at the top of the desk's list. Null when staff have acted on it.</summary>
    public DateTimeOffset? NewsAt { get; set; }

    /// <summary>
    /// The same, until staff who asked for it have been sent an email. Null: they have, or there is none.
    /// </summary>
    public DateTimeOffset? NewsToMailAt { get; set; }

    /// <summary>The member of staff who looks after it, or null.</summary>
    public Guid? AssignedTo { get; set; }

    /// <summary>The account that staff found it to be about.</summary>
    public Guid? AccountId { get; set; }

    public Guid? ApprovedBy { get; set; }

    public DateTimeOffset? ApprovedAt { get; set; }

    /// <summary>Accounts of staff need a second, different approver.</summary>
    public Guid? SecondApprovedBy { get; set; }

    /// <summary>When the waiting time ends and the link is sent.</summary>
    public DateTimeOffset? ReleaseAt { get; set; }

    /// <summary>
    /// How many seconds it still had to wait at <see cref="WaitCountedAt"/>: what servers have seen pass is taken off.
    /// </summary>
    public int? WaitSecondsLeft { get; set; }

    /// <summary>When that was last counted, by the database's clock.</summary>
    public DateTimeOffset? WaitCountedAt { get; set; }

    /// <summary>SHA-256 of the token in the notices with which anybody at a held address stops it.</summary>
    public byte[]? StopHash { get; set; }

    /// <summary>
    /// The account's address until the release, as typed: it gets it back when the case is stopped late. Null: it had
    /// none.
    /// </summary>
    public string? EmailBefore { get; set; }

    /// <summary>
    /// How often the account's password had been set at the release: it is undone only while that is still so.
    /// </summary>
    public int? PasswordGenerationBefore { get; set; }

    /// <summary>When somebody at a held address stopped it after the link had gone out.</summary>
    public DateTimeOffset? AlarmAt { get; set; }

    /// <summary>When staff had looked into that.</summary>
    public DateTimeOffset? AlarmSettledAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    public RejectReason? RejectedBecause { get; set; }

    public DateTimeOffset? EvidenceErasedAt { get; set; }

    /// <summary>Staff have yet to look into an alarm.</summary>
    public bool HasAlarm => AlarmAt is not null && AlarmSettledAt is null;
}

public enum CaseState
{
    Draft = 0,

    /// <summary>Waits for a decision.</summary>
    Open = 1,

    /// <summary>The person was asked for more.</summary>
    MoreWanted = 2,

    /// <summary>Approved once; a staff account waits for a second approver.</summary>
    SecondApprovalWanted = 3,

    /// <summary>Approved; the waiting time runs.</summary>
    Approved = 4,

    /// <summary>The link was sent.</summary>
    Released = 5,

    Rejected = 6,

    /// <summary>Stopped by somebody with access to a held address.</summary>
    Stopped = 7,

    /// <summary>A draft that nobody came back to, or a question that nobody answered.</summary>
    Lapsed = 8,
}

/// <summary>Why a case is at the top of the desk's list.</summary>
public enum CaseNews
{
    /// <summary>It is new: the person proved their address.</summary>
    Opened = 0,

    /// <summary>The person answered a question of staff.</summary>
    Answered = 1,

    /// <summary>It was approved, and the link could not be sent.</summary>
    Returned = 2,
}

public enum RejectReason
{
    NotEnoughEvidence = 0,
    EvidenceDoesNotMatch = 1,
    NoSuchAccount = 2,
    SuspectedFraud = 3,
    AnotherRouteIsOpen = 4,
    Duplicate = 5,
}

/// <summary>
/// One line of a case's history: a step, a note, a question, an answer. A look is in the audit trail alone.
/// </summary>
public sealed class CaseEntry
{
    public required Guid Id { get; init; }

    public required Guid CaseId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required CaseEntryKind Kind { get; init; }

    /// <summary>The member of staff, or null: the person or the system.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>A note's, question's or answer's words. Erased with the evidence.</summary>
    public string? Text { get; set; }
}

public enum CaseEntryKind
{
    Opened = 0,

    // 1 was a look at the case.
    Note = 2,
    Question = 3,
    Answer = 4,
    AccountChosen = 5,
    Approved = 6,
    SecondApproved = 7,
    Rejected = 8,
    Stopped = 9,
    Released = 10,
    Lapsed = 11,

    /// <summary>Approved, and back on the desk: the link could not be sent.</summary>
    Returned = 12,

    /// <summary>
    /// Stopped after the link had gone out, before anybody used it: the link is dead and the account has its old
    /// address.
    /// </summary>
    StoppedLate = 13,

    /// <summary>Somebody at a held address wanted to stop it after a password had been chosen.</summary>
    Alarm = 14,

    /// <summary>A password was chosen with the link.</summary>
    PasswordChosen = 15,

    Assigned = 20,
    TagAdded = 21,
    TagRemoved = 22,

    /// <summary>The second approver wants somebody to look again: the first approval counts no more.</summary>
    SentBack = 23,
    MessageResent = 24,
    AlarmSettled = 25,
    AccountLocked = 26,
}

/// <summary>A word that staff put on a case to find it again.</summary>
public sealed class CaseTag
{
    public required Guid CaseId { get; init; }

    /// <summary>Lower case, 40 characters at the most.</summary>
    public required string Tag { get; init; }
}

/// <summary>A word by which the desk's search finds a case. Erased with the evidence.</summary>
public sealed class CaseTerm
{
    public required Guid CaseId { get; init; }

    /// <summary>Letters and digits alone, lower case, without accents.</summary>
    public required string Term { get; init; }
}
