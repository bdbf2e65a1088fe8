using Recovery.Cases.Matching;
using Recovery.Ports;
using Recovery.Requests;
using Recovery.ResetLinks;

namespace Recovery.Cases.Desk;

/// <summary>What staff read about cases; and what a person is told of a decision.</summary>
internal static class DeskWords
{
    public static string Name(CaseState state) =>
        state switch
        {
            CaseState.Draft => "Not sent yet",
            CaseState.Open => "Needs a decision",
            CaseState.MoreWanted => "Asked for more",
            CaseState.SecondApprovalWanted => "Needs a second approval",
            CaseState.Approved => "Approved, waiting",
            CaseState.Released => "Access restored",
            CaseState.Rejected => "Rejected",
            CaseState.Stopped => "Stopped",
            CaseState.Lapsed => "Lapsed",
            _ => throw new InvalidOperationException($"There are no words for {state}."),
        };

    /// <summary>The modifier of NHS.UK's tag; empty for the plain one.</summary>
    public static string Colour(CaseState state) =>
        state switch
        {
            CaseState.Open => "nhsuk-tag--blue",
            CaseState.SecondApprovalWanted => "nhsuk-tag--purple",
            CaseState.MoreWanted => "nhsuk-tag--yellow",
            CaseState.Approved => "nhsuk-tag--aqua-green",
            CaseState.Released => "nhsuk-tag--green",
            CaseState.Stopped => "nhsuk-tag--red",
            _ => "nhsuk-tag--grey",
        };

    public static string Name(CaseNews news) =>
        news switch
        {
            CaseNews.Opened => "New case",
            CaseNews.Answered => "New answer",
            CaseNews.Returned => "Back on the desk",
            _ => throw new InvalidOperationException($"There are no words for {news}."),
        };

    /// <returns>Such as "3 days"; never less than a minute, also when the clock was put back.</returns>
    public static string Age(TimeSpan age) =>
        age switch
        {
            { TotalHours: < 1 } => Count(Math.Max(1, (int)age.TotalMinutes), "minute"),
            { TotalHours: < 48 } => Count((int)age.TotalHours, "hour"),
            _ => Count((int)age.TotalDays, "day"),
        };

    public static string Name(RejectReason reason) =>
        reason switch
        {
            RejectReason.NotEnoughEvidence => "There is not enough to show whose account it is",
            RejectReason.EvidenceDoesNotMatch => "What was stated does not match what we hold",
            RejectReason.NoSuchAccount => "There is no such account",
            RejectReason.SuspectedFraud => "Somebody seems to be claiming another person's account",
            RejectReason.AnotherRouteIsOpen => "They can get back in without us",
            RejectReason.Duplicate => "There is another case about the same account",
            _ => throw new InvalidOperationException($"There are no words for {reason}."),
        };

    /// <summary>
    /// What the person is told. The same for what is too little, what is wrong and what is suspicious: a person who
    /// guesses learns nothing about what we hold.
    /// </summary>
    public static string ForClaimant(RejectReason reason) =>
        reason switch
        {
            RejectReason.NoSuchAccount => "We could not find an account that fits what you told us.",
            RejectReason.AnotherRouteIsOpen =>
                "You can get back in without us: use the forgotten login details page with an email address that you can still read.",
            RejectReason.Duplicate => "You have another case about the same account. We will answer that one.",
            _ => "What you told us was not enough to show that the account is yours.",
        };

    public static string Sentence(CaseBar bar) =>
        bar switch
        {
            CaseBar.Own =>
                "This is about your own account, or comes from an address of yours. Another member of staff has to look after it.",
            CaseBar.AdministratorsOnly =>
                "This is about an administrator's account. Only administrators can look at it.",
            _ => throw new InvalidOperationException($"There are no words for {bar}."),
        };

    public static string Name(FactKind kind) =>
        kind switch
        {
            FactKind.GivenName => "First name",
            FactKind.FamilyName => "Last name",
            FactKind.Username => "Username",
            FactKind.NewEmail => "New email address",
            FactKind.EarlierEmail => "Earlier email address",
            FactKind.GmcNumber => "GMC number",
            FactKind.NmcNumber => "NMC number",
            FactKind.Ntn => "National training number",
            FactKind.CollegeNumber => "College number",
            FactKind.OtherNumber => "Other number",
            FactKind.Employer => "Employer in last post",
            FactKind.Specialty => "Specialty",
            FactKind.Grade => "Grade",
            FactKind.From => "In post from",
            FactKind.To => "In post to",
            FactKind.Supervisor => "Supervisor",
            FactKind.SupervisedTrainee => "Has supervised",
            _ => throw new InvalidOperationException($"There are no words for {kind}."),
        };

    public static string Name(Mark mark) =>
        mark switch
        {
            Mark.Same => "Same",
            Mark.Similar => "Similar",
            Mark.Different => "Different",
            Mark.Unclear => "Cannot compare",
            Mark.NotHeld => "Not held",
            Mark.NotStated => "Not stated",
            _ => throw new InvalidOperationException($"There are no words for {mark}."),
        };

    public static string Colour(Mark mark) =>
        mark switch
        {
            Mark.Same => "nhsuk-tag--green",
            Mark.Similar => "nhsuk-tag--yellow",
            Mark.Different => "nhsuk-tag--red",
            _ => "nhsuk-tag--grey",
        };

    public static string Name(MatchLevel level) =>
        level switch
        {
            MatchLevel.Strong => "Strong match",
            MatchLevel.Likely => "Likely match",
            MatchLevel.Possible => "Possible match",
            _ => "Unlikely match",
        };

    public static string Colour(MatchLevel level) =>
        level switch
        {
            MatchLevel.Strong => "nhsuk-tag--green",
            MatchLevel.Likely => "nhsuk-tag--aqua-green",
            MatchLevel.Possible => "nhsuk-tag--yellow",
            _ => "nhsuk-tag--grey",
        };

    /// <param name="text">The entry's own words, for a tag.</param>
    public static string Name(CaseEntryKind kind, string? text) =>
        kind switch
        {
            CaseEntryKind.Opened => "Address proved, case opened",
            CaseEntryKind.Note => "Note",
            CaseEntryKind.Question => "Asked for more",
            CaseEntryKind.Answer => "Answered",
            CaseEntryKind.AccountChosen => "Account chosen",
            CaseEntryKind.Approved => "Approved",
            CaseEntryKind.SecondApproved => "Approved by a second person",
            CaseEntryKind.Rejected => "Rejected",
            CaseEntryKind.Stopped => "Stopped from an address that we hold",
            CaseEntryKind.Released => "Link sent, access restored",
            CaseEntryKind.Lapsed => "Closed: nobody answered",
            CaseEntryKind.Returned => "Back on the desk: the link could not be sent",
            CaseEntryKind.StoppedLate =>
                "Stopped from an address that we hold: the link is dead, and the old address is back",
            CaseEntryKind.Alarm => "Alarm: somebody at an address that we hold says it was not them",
            CaseEntryKind.PasswordChosen => "New password chosen with the link",
            CaseEntryKind.AlarmSettled => "Alarm looked into",
            CaseEntryKind.AccountLocked => "Account locked",
            CaseEntryKind.Assigned => "Assigned",
            CaseEntryKind.TagAdded => $"Tag added: {text}",
            CaseEntryKind.TagRemoved => $"Tag removed: {text}",
            CaseEntryKind.SentBack => "Sent back by the second person",
            CaseEntryKind.MessageResent => "Message sent again",
            _ => kind.ToString(),
        };

    public static string Name(MessageState state) =>
        state switch
        {
            MessageState.Queued => "On its way",
            MessageState.Accepted => "Accepted",
            MessageState.Refused => "Refused",
            MessageState.Dead => "Given up",
            MessageState.Unknown => "May be lost",
            MessageState.Delivered => "Delivered",
            MessageState.Bounced => "Came back",
            MessageState.Expired => "Not sent in time",
            _ => state.ToString(),
        };

    public static string Colour(MessageState state) =>
        state switch
        {
            MessageState.Accepted or MessageState.Delivered => "nhsuk-tag--green",
            MessageState.Queued => "nhsuk-tag--yellow",
            _ => "nhsuk-tag--red",
        };

    /// <summary>What became of a link to choose a password.</summary>
    public static string Fate(ResetLink link, DateTimeOffset now) =>
        link switch
        {
            { UsedAt: { } at } => $"Link used on {Words.Instant(at)}",
            { VoidedAt: { } at, VoidedBecause: VoidReason.Replaced } =>
                $"Link replaced by a newer one on {Words.Instant(at)}",
            { VoidedAt: { } at } => $"Link stopped working on {Words.Instant(at)}",
            _ => $"Link {(link.ExpiresAt > now ? "works until" : "expired on")} {Words.Instant(link.ExpiresAt)}",
        };

    /// <summary>What became of a request for forgotten details.</summary>
    public static string Name(RequestOutcome outcome) =>
        outcome switch
        {
            RequestOutcome.Reminded => "we sent the usernames, with links",
            RequestOutcome.Unknown => "no account used the address, and we said so",
            RequestOutcome.Unconfirmed => "an account had the address unconfirmed, and we said so",
            RequestOutcome.Disabled => "the account was locked, and we said so",
            RequestOutcome.Limited => "we sent nothing: there had been too many requests",
            RequestOutcome.GivenUp => "we sent nothing: it could not be answered for a day",
            _ => "we sent nothing",
        };

    /// <summary>What a message was for. Its kind is the name of its record.</summary>
    public static string Message(string kind) =>
        kind switch
        {
            nameof(RecoveryMessage.Reminder) => "Reminder of usernames",
            nameof(RecoveryMessage.ProveAddress) => "Link to prove the address",
            nameof(RecoveryMessage.ResumeCase) => "Link to go on with the form",
            nameof(RecoveryMessage.CaseOpened) => "The case is open",
            nameof(RecoveryMessage.MoreWanted) => "Question",
            nameof(RecoveryMessage.AccessWillBeRestored) => "Notice, with a link to stop it",
            nameof(RecoveryMessage.CaseApproved) => "The case is approved",
            nameof(RecoveryMessage.AccessRestored) => "Link to choose a password",
            nameof(RecoveryMessage.CaseRejected) => "The case is rejected",
            nameof(RecoveryMessage.CaseStopped) => "The case was stopped",
            nameof(RecoveryMessage.CaseStoppedForStaff) => "The case was stopped, for staff",
            nameof(RecoveryMessage.CaseLapsed) => "The case is closed: nobody answered",
            nameof(RecoveryMessage.Invitation) => "Invitation",
            nameof(RecoveryMessage.PasswordChanged) => "The password was changed",
            nameof(RecoveryMessage.DisabledAccount) => "The account is disabled",
            nameof(RecoveryMessage.UnconfirmedAddress) => "The address is not confirmed",
            nameof(RecoveryMessage.UnknownAddress) => "Nobody uses this address",
            nameof(RecoveryMessage.DeskNews) => "News of the support desk, for staff",
            nameof(RecoveryMessage.DeskSummary) => "Summary of the support desk, for staff",
            _ => kind,
        };

    private static string Count(int number, string unit) => number == 1 ? $"1 {unit}" : $"{number:N0} {unit}s";
}
