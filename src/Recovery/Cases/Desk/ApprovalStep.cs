using Recovery.Ports;

namespace Recovery.Cases.Desk;

/// <summary>
/// What an approval would do. Pure: the same question is asked by the page and, in the transaction, by the decision.
/// </summary>
internal abstract record ApprovalStep
{
    private ApprovalStep() { }

    /// <summary>The waiting time begins.</summary>
    public sealed record Final(bool IsSecond) : ApprovalStep;

    /// <summary>The account is a member of staff's: somebody else has to approve too.</summary>
    public sealed record First : ApprovalStep;

    /// <param name="Sentence">Why it cannot be approved by this person now.</param>
    public sealed record Refused(string Sentence) : ApprovalStep;

    /// <param name="officer">Who approves.</param>
    /// <param name="state">The case's.</param>
    /// <param name="account">The account that they would give access to, as it is now.</param>
    /// <param name="firstApprover">Who approved before, as they are now; null when nobody has.</param>
    public static ApprovalStep For(
        Officer officer,
        CaseState state,
        AccountReference account,
        AccountReference? firstApprover
    )
    {
        if (account.Id == officer.Id)
        {
            return new Refused("This is your own account. Another member of staff has to decide.");
        }

        if (account.Disabled)
        {
            return new Refused(
                "This account is disabled. An administrator has to enable it before access can be restored."
            );
        }

        if (account.Staff == StaffKind.Administrator && officer.Staff != StaffKind.Administrator)
        {
            return new Refused("This is an administrator's account. Two administrators have to approve it.");
        }

        return state switch
        {
            CaseState.Open or CaseState.MoreWanted => account.Staff == StaffKind.None
                ? new Final(IsSecond: false)
                : new First(),
            CaseState.SecondApprovalWanted when firstApprover is null || firstApprover.Id == officer.Id => new Refused(
                "You approved this case first. Another member of staff has to approve it too."
            ),
            CaseState.SecondApprovalWanted
                when firstApprover.Disabled
                    || firstApprover.Staff == StaffKind.None
                    || (account.Staff == StaffKind.Administrator && firstApprover.Staff != StaffKind.Administrator) =>
                new Refused(
                    "Who approved this case first may not approve it any more. Send it back, so that two others can."
                ),
            CaseState.SecondApprovalWanted => new Final(IsSecond: true),
            _ => new Refused("This case is not waiting for a decision."),
        };
    }
}
