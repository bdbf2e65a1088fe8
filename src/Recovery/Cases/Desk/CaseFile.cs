using Recovery.Cases.Matching;
using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>Everything that the page of a case shows.</summary>
/// <param name="Assigned">Who looks after it, or null.</param>
/// <param name="Chosen">The account that it is about, or null.</param>
/// <param name="Compared">The account that what is stated is compared with, or null when none was chosen or
/// fits.</param>
/// <param name="Stated">What is stated, against <paramref name="Compared"/> or against nothing.</param>
/// <param name="Suggestions">Accounts that it may be about. Empty once it is approved or closed.</param>
/// <param name="NotFound">What the officer looked for and nobody answers to, or null.</param>
/// <param name="Found">The account that answers to what the officer looked for, or null.</param>
/// <param name="Others">Cases about the same account or from the same address.</param>
/// <param name="Step">What an approval by this officer would do; null when no account is chosen.</param>
/// <param name="People">Staff who are named on the page, by id.</param>
/// <param name="Staff">To whom it can be assigned.</param>
internal sealed record CaseFile(
    SupportCase Case,
    Officer Officer,
    AccountReference? Assigned,
    AccountReference? Chosen,
    HeldRecord? Compared,
    EvidenceMatch Stated,
    IReadOnlyList<Suggestion> Suggestions,
    string? NotFound,
    AccountReference? Found,
    IReadOnlyList<OtherCase> Others,
    ApprovalStep? Step,
    IReadOnlyList<string> Tags,
    IReadOnlyList<CaseEntry> Entries,
    IReadOnlyDictionary<Guid, AccountReference> People,
    IReadOnlyList<AccountReference> Staff,
    IReadOnlyList<ShownMessage> Messages
)
{
    /// <summary>The account can still be chosen.</summary>
    public bool IsUndecided => Case.State is CaseState.Open or CaseState.MoreWanted;

    /// <summary>Accounts that it may be about are shown.</summary>
    public bool ChoosesAccount => IsUndecided || Case.State == CaseState.SecondApprovalWanted;

    /// <summary>Why the officer may not look at the account that they looked for, or null.</summary>
    public CaseBar? NotShown => Found is null ? null : CaseBars.For(Officer, [Found]);

    /// <summary>The person's last answer while staff have to decide, and the question; or null.</summary>
    public (CaseEntry Answer, CaseEntry? Question)? LastAnswer =>
        Case.State is CaseState.Open or CaseState.SecondApprovalWanted
        && Entries.FirstOrDefault(e => e.Kind == CaseEntryKind.Answer) is { } answer
            ? (answer, Entries.SkipWhile(e => e != answer).FirstOrDefault(e => e.Kind == CaseEntryKind.Question))
            : null;

    /// <summary>What staff have to decide or do now, in a sentence; null when there is nothing.</summary>
    public string? ToDecide =>
        this switch
        {
            { Case.HasAlarm: true } => "Alarm: find out who has the account",
            { CanBeRejected: false } => null,
            { Case: { State: CaseState.Approved, ReleaseAt: { } release } } =>
                $"Approved. The link goes out on {Words.Instant(release)}",
            { Step: ApprovalStep.Refused { Sentence: var why } } => why,
            { Chosen: null } => "Choose the account that this case is about",
            { Case.State: CaseState.SecondApprovalWanted } =>
                $"Approve access to {Chosen.Username} as the second person?",
            { Case.State: CaseState.MoreWanted } =>
                $"Waiting for an answer. Give access to {Chosen.Username} without it?",
            _ => $"Give access to {Chosen.Username}?",
        };

    public bool CanBeRejected => IsUndecided || Case.State is CaseState.SecondApprovalWanted or CaseState.Approved;

    /// <summary>Who did something: a name, "the person" or "the system".</summary>
    public string Actor(CaseEntry entry) =>
        entry.ActorId is { } id
            ? id == Officer.Id
                ? "You"
                : People.TryGetValue(id, out var person)
                    ? person.DisplayName
                    : "Staff"
            : entry.Kind switch
            {
                CaseEntryKind.Released or CaseEntryKind.Lapsed or CaseEntryKind.Returned => "The system",
                CaseEntryKind.Stopped or CaseEntryKind.StoppedLate or CaseEntryKind.Alarm =>
                    "Whoever reads an address that we hold",
                _ => "The person",
            };
}
