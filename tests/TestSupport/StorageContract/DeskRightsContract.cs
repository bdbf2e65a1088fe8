using System.Net;
using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Recovery.Cases;
using Recovery.Ports;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Who may touch which case and which account, and who may decide.</summary>
public abstract class DeskRightsContract : StorageContract
{
    [Theory]
    [InlineData("account")]
    [InlineData("username")]
    [InlineData("address")]
    [InlineData("earlier address")]
    public async Task Nobody_touches_their_own_case(string how)
    {
        var (officer, browser) = await Server.OfficerAsync(StaffRole.Administrator, email: "officer@example.test");
        using var closing = browser;
        var support = how switch
        {
            "account" => await Server.OpenCaseAsync(more: c => c.AccountId = officer.Id),
            "username" => await Server.OpenCaseAsync(
                new CaseEvidence { Username = $" {officer.Username.ToUpperInvariant()}" }
            ),
            "address" => await Server.OpenCaseAsync(newEmail: "Officer@Example.test"),
            _ => await Server.OpenCaseAsync(new CaseEvidence { EarlierEmails = ["officer@example.test"] }),
        };

        var page = await browser.GetAsync($"/support/cases/{support.Reference}");
        var approve = await browser.GetAsync($"/support/cases/{support.Reference}/approve");
        var forged = await browser.ForgeAsync(
            $"/support/cases/{support.Reference}/approve",
            ("Account", officer.Id.ToString())
        );

        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Contains("your own account", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, approve.Status);
        Assert.Equal(HttpStatusCode.Forbidden, forged.Status);
        Assert.Equal(CaseState.Open, (await Server.CaseAsync(support.Id)).State);
        var refused = await Server.AuditAsync(support.Id);
        Assert.Equal(
            3,
            refused.Count(e => e.Kind == RecoveryAuditKinds.CaseRefused && e.Actor == officer.Id.ToString())
        );
    }

    [Fact]
    public async Task Nobody_makes_a_case_be_about_their_own_account_or_a_support_officer_about_an_administrators()
    {
        var (officer, browser) = await Server.OfficerAsync();
        using var closing = browser;
        var administrator = await Server.Given.AccountAsync(more: a =>
            (a.StaffRole, a.Name, a.GmcNumber) = (StaffRole.Administrator, "Megan Hughes", "7777777")
        );
        var support = await Server.OpenCaseAsync(new CaseEvidence { GmcNumber = "7777777" });

        foreach (var account in new[] { officer.Id, administrator.Id, Guid.NewGuid() })
        {
            var page = await browser.ForgeAsync(
                $"/support/cases/{support.Reference}?handler=Choose",
                ("Account", account.ToString())
            );
            Assert.StartsWith("Error: ", page.Ok().Document.Title, StringComparison.Ordinal);
        }

        var looked = (await browser.GetAsync($"/support/cases/{support.Reference}?account={administrator.Id}")).Ok();
        Assert.DoesNotContain(administrator.Username, looked.Text, StringComparison.Ordinal);
        Assert.Null((await Server.CaseAsync(support.Id)).AccountId);
    }

    [Fact]
    public async Task An_account_of_staff_takes_two_people_and_the_first_cannot_be_the_second()
    {
        var colleague = await Server.Given.AccountAsync(more: a => a.StaffRole = StaffRole.Support);
        var support = await Server.OpenCaseAsync(more: c => c.AccountId = colleague.Id);
        var (first, one) = await Server.OfficerAsync();
        var (second, two) = await Server.OfficerAsync();
        using var closingOne = one;
        using var closingTwo = two;

        await one.DecideAsync(support, "approve");
        var half = await Server.CaseAsync(support.Id);
        var again = await one.FollowAsync(
            await one.ForgeAsync($"/support/cases/{support.Reference}/approve", ("Account", colleague.Id.ToString()))
        );
        var still = await Server.CaseAsync(support.Id);
        await two.DecideAsync(support, "approve");

        var done = await Server.CaseAsync(support.Id);
        Assert.Equal((CaseState.SecondApprovalWanted, (DateTimeOffset?)null), (half.State, half.ReleaseAt));
        Assert.Contains("Another member of staff has to approve it too", again.Text, StringComparison.Ordinal);
        Assert.Equal(CaseState.SecondApprovalWanted, still.State);
        Assert.Equal((CaseState.Approved, first.Id, second.Id), (done.State, done.ApprovedBy, done.SecondApprovedBy));
        Assert.NotNull(done.ReleaseAt);
    }

    [Fact]
    public async Task An_administrators_account_takes_two_administrators_and_is_hidden_from_support()
    {
        var boss = await Server.Given.AccountAsync(more: a => a.StaffRole = StaffRole.Administrator);
        var support = await Server.OpenCaseAsync(
            new CaseEvidence { GivenName = "Unmistakable", FamilyName = "Boss" },
            c => c.AccountId = boss.Id
        );
        var (_, officer) = await Server.OfficerAsync();
        var (_, one) = await Server.OfficerAsync(StaffRole.Administrator);
        var (_, two) = await Server.OfficerAsync(StaffRole.Administrator);
        using var closing = officer;
        using var closingOne = one;
        using var closingTwo = two;

        var list = (await officer.GetAsync("/support")).Ok();
        var page = await officer.GetAsync($"/support/cases/{support.Reference}");
        var forged = await officer.ForgeAsync(
            $"/support/cases/{support.Reference}/approve",
            ("Account", boss.Id.ToString())
        );
        await one.DecideAsync(support, "approve");
        var second = await officer.ForgeAsync(
            $"/support/cases/{support.Reference}/approve",
            ("Account", boss.Id.ToString())
        );
        await two.DecideAsync(support, "approve");

        Assert.DoesNotContain("Unmistakable", list.Text, StringComparison.Ordinal);
        Assert.Equal(
            [HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden],
            new[] { page.Status, forged.Status, second.Status }
        );
        Assert.Equal(CaseState.Approved, (await Server.CaseAsync(support.Id)).State);
    }

    [Fact]
    public async Task A_first_approval_counts_no_more_when_its_giver_is_not_staff_any_more_and_can_be_sent_back()
    {
        var colleague = await Server.Given.AccountAsync(more: a => a.StaffRole = StaffRole.Support);
        var support = await Server.OpenCaseAsync(more: c => c.AccountId = colleague.Id);
        var (first, one) = await Server.OfficerAsync();
        var (_, two) = await Server.OfficerAsync();
        using var closingOne = one;
        using var closingTwo = two;
        await one.DecideAsync(support, "approve");
        await Server.InDatabaseAsync(db =>
            db.Accounts.Where(a => a.Id == first.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.StaffRole, StaffRole.None))
        );

        await two.ForgeAsync($"/support/cases/{support.Reference}/approve", ("Account", colleague.Id.ToString()));
        var still = await Server.CaseAsync(support.Id);
        await two.KeepAsync(support, "SendBack");

        var back = await Server.CaseAsync(support.Id);
        Assert.Equal(CaseState.SecondApprovalWanted, still.State);
        Assert.Equal((CaseState.Open, (Guid?)null), (back.State, back.ApprovedBy));
        Assert.Equal(HttpStatusCode.Forbidden, (await one.GetAsync("/support")).Status);
    }

    [Fact]
    public async Task An_account_that_becomes_staffs_while_one_approval_waits_goes_back_for_two()
    {
        var trainee = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(more: c => c.AccountId = trainee.Id);
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;
        await browser.DecideAsync(support, "approve");
        await Server.InDatabaseAsync(db =>
            db.Accounts.Where(a => a.Id == trainee.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.StaffRole, StaffRole.Support))
        );
        Server.Clock.Advance(TimeSpan.FromHours(25));

        await Server.ReleaseDueAsync();

        var back = await Server.CaseAsync(support.Id);
        Assert.Equal(
            (CaseState.Open, (Guid?)null, (DateTimeOffset?)null),
            (back.State, back.ApprovedBy, back.ReleaseAt)
        );
    }
}
