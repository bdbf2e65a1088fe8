using Recovery.Cases;
using Recovery.Cases.Desk;
using Recovery.Ports;

namespace UnitTests.Recovery.Cases.Desk;

public sealed class ApprovalStepTests
{
    private static readonly Guid Me = Guid.NewGuid();
    private static readonly Guid Somebody = Guid.NewGuid();
    private static readonly Guid Theirs = Guid.NewGuid();

    [Theory]
    [InlineData(StaffKind.None, StaffKind.Support, "Final")]
    [InlineData(StaffKind.None, StaffKind.Administrator, "Final")]
    [InlineData(StaffKind.Support, StaffKind.Support, "First")]
    [InlineData(StaffKind.Support, StaffKind.Administrator, "First")]
    [InlineData(StaffKind.Administrator, StaffKind.Support, "Refused")]
    [InlineData(StaffKind.Administrator, StaffKind.Administrator, "First")]
    public void An_account_of_staff_needs_a_second_approver_and_an_administrators_needs_administrators(
        StaffKind account,
        StaffKind officer,
        string step
    )
    {
        Assert.Equal(step, For(officer, CaseState.Open, account).GetType().Name);
    }

    [Theory]
    [InlineData(StaffKind.Support, StaffKind.Support, StaffKind.Support, true)]
    [InlineData(StaffKind.Support, StaffKind.Administrator, StaffKind.Support, true)]
    [InlineData(StaffKind.Administrator, StaffKind.Administrator, StaffKind.Administrator, true)]
    [InlineData(StaffKind.Administrator, StaffKind.Support, StaffKind.Administrator, false)]
    [InlineData(StaffKind.Administrator, StaffKind.Administrator, StaffKind.Support, false)]
    [InlineData(StaffKind.Support, StaffKind.None, StaffKind.Support, false)]
    public void The_second_approval_counts_when_both_may_approve_at_that_moment(
        StaffKind account,
        StaffKind first,
        StaffKind second,
        bool counts
    )
    {
        var step = For(second, CaseState.SecondApprovalWanted, account, Reference(Somebody, first));

        Assert.Equal(counts, step is ApprovalStep.Final { IsSecond: true });
    }

    [Fact]
    public void Nobody_approves_twice_nor_their_own_account_nor_one_that_is_disabled()
    {
        Assert.IsType<ApprovalStep.Refused>(
            For(
                StaffKind.Administrator,
                CaseState.SecondApprovalWanted,
                StaffKind.Support,
                Reference(Me, StaffKind.Administrator)
            )
        );
        Assert.IsType<ApprovalStep.Refused>(
            For(StaffKind.Administrator, CaseState.SecondApprovalWanted, StaffKind.Support)
        );
        Assert.IsType<ApprovalStep.Refused>(
            ApprovalStep.For(
                new Officer(Me, StaffKind.Administrator, default),
                CaseState.Open,
                Reference(Me, StaffKind.Administrator),
                null
            )
        );
        Assert.IsType<ApprovalStep.Refused>(
            ApprovalStep.For(
                new Officer(Me, StaffKind.Support, default),
                CaseState.Open,
                Reference(Theirs, StaffKind.None) with
                {
                    Disabled = true,
                },
                null
            )
        );
    }

    [Theory]
    [InlineData(CaseState.Draft)]
    [InlineData(CaseState.Approved)]
    [InlineData(CaseState.Released)]
    [InlineData(CaseState.Rejected)]
    [InlineData(CaseState.Stopped)]
    [InlineData(CaseState.Lapsed)]
    public void What_does_not_wait_for_a_decision_cannot_be_approved(CaseState state)
    {
        Assert.IsType<ApprovalStep.Refused>(For(StaffKind.Administrator, state, StaffKind.None));
    }

    [Fact]
    public void An_officer_is_kept_from_their_own_case_and_from_administrators()
    {
        var officer = new Officer(Me, StaffKind.Support, default);

        Assert.Null(CaseBars.For(officer, [Reference(Theirs, StaffKind.None), Reference(Somebody, StaffKind.Support)]));
        Assert.Equal(CaseBar.AdministratorsOnly, CaseBars.For(officer, [Reference(Theirs, StaffKind.Administrator)]));
        Assert.Equal(
            CaseBar.Own,
            CaseBars.For(officer, [Reference(Theirs, StaffKind.Administrator), Reference(Me, StaffKind.Support)])
        );
        Assert.Null(
            CaseBars.For(officer with { Staff = StaffKind.Administrator }, [Reference(Theirs, StaffKind.Administrator)])
        );
    }

    [Theory]
    [InlineData("k7qm-2x9p", "K7QM2X9P")]
    [InlineData(" K7QM 2X9P ", "K7QM2X9P")]
    [InlineData("KOQMLXIP", "K0QM1X1P")]
    [InlineData(null, "")]
    public void A_reference_is_found_as_people_say_it(string? typed, string kept) =>
        Assert.Equal(kept, CaseReferences.Read(typed));

    [Theory]
    [InlineData("  Call   BACK ", "call back")]
    [InlineData("a\0b", "ab")]
    [InlineData("<b>", null)]
    [InlineData(" ", null)]
    [InlineData("a tag that is longer than any tag can be in here", null)]
    public void A_tag_has_one_spelling(string typed, string? tag) => Assert.Equal(tag, StaffText.Tag(typed));

    private static ApprovalStep For(
        StaffKind officer,
        CaseState state,
        StaffKind account,
        AccountReference? first = null
    ) => ApprovalStep.For(new Officer(Me, officer, default), state, Reference(Theirs, account), first);

    private static AccountReference Reference(Guid id, StaffKind staff) =>
        new(id, "smith4821", "Jo Smith", null, null, false, true, staff);
}
