namespace Recovery.Ports;

/// <summary>Adds events to the host's audit trail, in the transaction of the change.</summary>
public interface IRecoveryAudit
{
    /// <param name="kind">One of <see cref="RecoveryAuditKinds"/>.</param>
    /// <param name="accountId">Whom it is about.</param>
    /// <param name="actorId">The member of staff, or null: the person or the system.</param>
    /// <param name="detail">Ids and words of lists; never a name, an address or evidence.</param>
    void Record(string kind, Guid? accountId = null, Guid? actorId = null, string? detail = null);
}

/// <summary>Every kind of event that recovery records.</summary>
public static class RecoveryAuditKinds
{
    public const string LinkSent = "recovery.link-sent";
    public const string LinkUsed = "recovery.link-used";
    public const string CaseBegun = "case.begun";
    public const string CaseResumeSent = "case.resume-link-sent";
    public const string CaseProofSent = "case.proof-sent";
    public const string CaseOpened = "case.opened";
    public const string CaseViewed = "case.viewed";

    /// <summary>A member of staff was shown what is held about an account.</summary>
    public const string CaseAccountViewed = "case.account-viewed";
    public const string CaseListed = "case.listed";
    public const string CaseNoted = "case.noted";
    public const string CaseAssigned = "case.assigned";
    public const string CaseTagged = "case.tagged";
    public const string CaseSentBack = "case.sent-back";
    public const string CaseMessageResent = "case.message-resent";

    /// <summary>
    /// A member of staff looked at what was written to an account; or, without one, to an address that is nobody's.
    /// </summary>
    public const string MailViewed = "recovery.mail-viewed";

    /// <summary>A member of staff tried what they may not do with a case.</summary>
    public const string CaseRefused = "case.refused";
    public const string CaseMoreWanted = "case.more-wanted";
    public const string CaseAnswered = "case.answered";
    public const string CaseAccountChosen = "case.account-chosen";
    public const string CaseApproved = "case.approved";
    public const string CaseSecondApproved = "case.second-approved";
    public const string CaseRejected = "case.rejected";
    public const string CaseWaiting = "case.waiting";
    public const string CaseReturned = "case.returned";
    public const string CaseStopped = "case.stopped";

    /// <summary>Stopped after the link had gone out and before anybody used it: both are taken back.</summary>
    public const string CaseStoppedLate = "case.stopped-late";

    /// <summary>Somebody at a held address wanted to stop it after a password had been chosen.</summary>
    public const string CaseAlarm = "case.alarm";
    public const string CaseAlarmSettled = "case.alarm-settled";
    public const string CaseReleased = "case.released";
    public const string CaseLapsed = "case.lapsed";
    public const string CaseEvidenceErased = "case.evidence-erased";
}
