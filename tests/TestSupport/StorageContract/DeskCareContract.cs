using AuthServer.Accounts;
using Recovery.Cases;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>What the desk tells an officer before they make a mistake.</summary>
public abstract class DeskCareContract : StorageContract
{
    [Fact]
    public async Task An_officer_who_approves_a_weak_claim_on_an_account_whose_owner_cannot_be_told_is_warned_of_both()
    {
        var account = await Server.Given.AccountAsync(more: a => (a.GivenName, a.FamilyName) = ("Aoife", "O'Brien"));
        var support = await Server.OpenCaseAsync(more: c => c.AccountId = account.Id);
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = (await browser.GetAsync($"/support/cases/{support.Reference}/approve")).Ok();

        Assert.Contains(
            "What they state is a possible match: anybody could know it",
            page.One(".nhsuk-warning-callout").TextContent,
            StringComparison.Ordinal
        );
        Assert.Contains("nobody can be told", page.One(".nhsuk-warning-callout").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("we tell every other", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_likely_claim_is_approved_without_a_warning_and_the_page_counts_who_is_told()
    {
        var trainee = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(
            new CaseEvidence
            {
                GivenName = "Aoife",
                FamilyName = "O'Brien",
                EarlierEmails = ["aoife@old.example.test"],
                GmcNumber = "7654321",
            },
            c => c.AccountId = trainee.Id
        );
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = (await browser.GetAsync($"/support/cases/{support.Reference}/approve")).Ok();

        Assert.Empty(page.All(".nhsuk-warning-callout"));
        Assert.Contains(
            "we tell every other email address that we hold for the account at once (2)",
            page.Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Other_cases_about_the_account_or_from_the_address_are_on_the_case_but_for_those_the_officer_may_not_touch()
    {
        var trainee = await Server.TraineeAsync();
        var boss = await Server.Given.AccountAsync(more: a => a.StaffRole = StaffRole.Administrator);
        byte[] address = [1, 2, 3];
        var support = await Server.OpenCaseAsync(more: c => (c.AccountId, c.AddressHash) = (trainee.Id, address));
        var same = await Server.OpenCaseAsync(more: c => (c.AccountId, c.State) = (trainee.Id, CaseState.Rejected));
        var neighbour = await Server.OpenCaseAsync(more: c => c.AddressHash = address);
        var hidden = await Server.OpenCaseAsync(more: c => (c.AddressHash, c.AccountId) = (address, boss.Id));
        var stranger = await Server.OpenCaseAsync();
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = (await browser.GetAsync($"/support/cases/{support.Reference}")).Ok();

        var others = Html.Text(page.One(".desk-others"));
        Assert.Contains($"{same.Reference} about the same account: Rejected", others, StringComparison.Ordinal);
        Assert.Contains(
            $"{neighbour.Reference} from the same address: Needs a decision",
            others,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(hidden.Reference, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(stranger.Reference, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_for_an_account_that_the_officer_may_not_see_says_why_it_is_not_shown()
    {
        var boss = await Server.Given.AccountAsync(more: a => a.StaffRole = StaffRole.Administrator);
        var support = await Server.OpenCaseAsync();
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = (await browser.GetAsync($"/support/cases/{support.Reference}?find={boss.Username}")).Ok();

        Assert.Contains(
            "Only administrators can look at it",
            page.One("#find-error").TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal("What they state", page.One("#compare h2").TextContent.Trim());
    }

    [Theory]
    [InlineData("Tag", true)]
    [InlineData("Note", false)]
    public async Task What_is_wrong_with_a_tag_opens_its_form_and_nothing_else_does(string form, bool opens)
    {
        var support = await Server.OpenCaseAsync();
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = await browser.KeepAsync(support, form);

        Assert.Single(page.All(".nhsuk-error-summary"));
        Assert.Equal(opens, page.One(".desk-standing details").HasAttribute("open"));
    }
}
