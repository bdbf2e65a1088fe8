using System.Net;
using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Recovery.CleanUp;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>How an officer finds a case, and what the list says about all of them.</summary>
public abstract class DeskSearchContract : StorageContract
{
    [Fact]
    public async Task A_case_is_found_by_name_address_and_username_however_they_are_typed_whatever_its_state()
    {
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;
        var support = await Server.OpenCaseAsync(
            new CaseEvidence
            {
                GivenName = "Siobhán",
                FamilyName = "O’Brien-Smith",
                Username = "o'brien4821",
                EarlierEmails = ["S.OBrien@College.example.test"],
            },
            c => c.State = CaseState.Rejected,
            "siobhan@bücher.example.test"
        );
        await Server.OpenCaseAsync(new CaseEvidence { GivenName = "Siobhán", FamilyName = "Smithson" });

        foreach (
            var typed in new[]
            {
                "o'brien-smith",
                "O`Brien Smith",
                "smith",
                "siobhan obrien",
                "OBRIEN SMITH, Siobhan",
                "siobhanobriensmith",
                "O‘BRIEN4821",
                "obrien4821",
                "s.obrien@college.example.test",
                "<S.OBrien@college.example.test>",
                "siobhan@bücher.example.test",
                "siobhan@xn--bcher-kva.example.test",
            }
        )
        {
            Assert.Equal([support.Reference], await FindAsync(browser, typed));
        }
    }

    [Fact]
    public async Task A_case_is_found_by_the_username_and_the_addresses_of_the_account_that_was_chosen()
    {
        var trainee = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(
            new CaseEvidence { GivenName = "Nobody" },
            c => c.AccountId = trainee.Id
        );
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        Assert.Equal([support.Reference], await FindAsync(browser, trainee.Username));
        Assert.Equal([support.Reference], await FindAsync(browser, "aoife@old.example.test"));
    }

    [Theory]
    [InlineData("ZZZZ9999")]
    [InlineData("nobody@example.test")]
    [InlineData("No Such Person")]
    [InlineData("<b>%00'\"")]
    public async Task What_finds_no_case_leaves_the_officer_on_the_list_with_what_they_typed(string typed)
    {
        var support = await Server.OpenCaseAsync();
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = await browser.SubmitAsync(
            (await browser.GetAsync("/support")).Ok(),
            new Dictionary<string, string> { ["find"] = typed },
            "form.desk-search"
        );

        Assert.Equal("Support cases", page.Ok().Heading);
        Assert.StartsWith("Error: ", page.Document.Title, StringComparison.Ordinal);
        Assert.Contains("No case that you may open", page.One("#Find-error").TextContent, StringComparison.Ordinal);
        Assert.Equal(typed, page.One("#Find").GetAttribute("value"));
        Assert.Equal([support.Reference], page.All("tbody .reference").Select(cell => cell.TextContent.Trim()));
    }

    [Fact]
    public async Task A_reference_opens_its_case_with_small_letters_and_letters_that_look_like_digits()
    {
        var support = await Server.OpenCaseAsync();
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;
        var said = support.Reference.ToLowerInvariant().Replace('0', 'o').Replace('1', 'l').Insert(4, "-");

        var page = await browser.GetAsync($"/support?find={said}");

        Assert.Equal(
            (HttpStatusCode.Found, $"/support/cases/{support.Reference}"),
            (page.Status, page.Location?.AbsolutePath)
        );
    }

    [Fact]
    public async Task A_search_does_not_find_what_the_officer_may_not_open()
    {
        var boss = await Server.Given.AccountAsync(more: a => a.StaffRole = StaffRole.Administrator);
        var (officer, browser) = await Server.OfficerAsync();
        using var closing = browser;
        await Server.OpenCaseAsync(new CaseEvidence { FamilyName = "Hughes" }, c => c.AccountId = boss.Id);
        await Server.OpenCaseAsync(new CaseEvidence { FamilyName = "Hughes" }, c => c.AccountId = officer.Id);
        var open = await Server.OpenCaseAsync(new CaseEvidence { FamilyName = "Hughes" });

        Assert.Equal([open.Reference], await FindAsync(browser, "Hughes"));
    }

    [Fact]
    public async Task A_common_name_shows_the_newest_fifty_and_says_that_there_are_more()
    {
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;
        for (var i = 0; i < 52; i++)
        {
            await Server.OpenCaseAsync(new CaseEvidence { GivenName = "John", FamilyName = "Smith" });
        }

        var page = (await browser.GetAsync("/support?find=smith")).Ok();

        Assert.Equal(50, page.All("tbody tr").Count);
        Assert.Contains("there are more", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_case_is_found_by_is_erased_with_its_evidence()
    {
        var support = await Server.OpenCaseAsync(
            new CaseEvidence { FamilyName = "Smith" },
            c => (c.State, c.ClosedAt) = (CaseState.Rejected, Server.Now)
        );
        var found = await Server.InDatabaseAsync(db => db.CaseTerms.CountAsync(t => t.CaseId == support.Id));

        Server.Clock.Advance(TimeSpan.FromDays(366));
        await Server.Services.GetRequiredService<CleanUpRun>().RunAsync(CancellationToken.None);

        Assert.True(found > 0);
        Assert.Equal(0, await Server.InDatabaseAsync(db => db.CaseTerms.CountAsync(t => t.CaseId == support.Id)));
    }

    [Fact]
    public async Task The_list_counts_the_cases_and_says_how_old_the_oldest_is()
    {
        var (officer, browser) = await Server.OfficerAsync();
        using var closing = browser;
        var empty = (await browser.GetAsync("/support")).Ok();
        await Server.InDatabaseAsync(async db =>
        {
            SupportCase Add(CaseState state, int daysOld, Action<SupportCase>? more = null)
            {
                var support = StaffDesk.NewCase(Server.Now.AddDays(-daysOld));
                support.State = state;
                more?.Invoke(support);
                db.SupportCases.Add(support);
                return support;
            }

            Add(CaseState.Open, 3, c => (c.AssignedTo, c.ChangedAt) = (officer.Id, Server.Now));
            Add(CaseState.Open, 1, c => (c.News, c.NewsAt) = (CaseNews.Answered, Server.Now));
            Add(CaseState.SecondApprovalWanted, 2);
            Add(CaseState.MoreWanted, 9, c => c.AssignedTo = officer.Id);
            Add(CaseState.Approved, 8);
            Add(CaseState.Rejected, 70);
            return await db.SaveChangesAsync();
        });

        var page = (await browser.GetAsync("/support")).Ok();

        Assert.Equal(
            [
                "0 Needs a decision",
                "0 Assigned to you",
                "0 Needs a second approval",
                "0 Asked for more",
                "0 Approved, waiting",
            ],
            Figures(empty)
        );
        Assert.DoesNotContain("The oldest case", empty.Text, StringComparison.Ordinal);
        Assert.Equal(
            [
                "3 Needs a decision",
                "1 Assigned to you",
                "1 Needs a second approval",
                "1 Asked for more",
                "1 Approved, waiting",
            ],
            Figures(page)
        );
        Assert.Contains(
            "1 case has something new. The oldest case that needs a decision was opened 3 days ago",
            Html.Text(page.One(".desk-oldest")),
            StringComparison.Ordinal
        );
        foreach (var (link, number) in page.All(".desk-figures__link").Zip([3, 1, 1, 1, 1]))
        {
            Assert.Equal(number, (await browser.GetAsync(link.GetAttribute("href")!)).Ok().All("tbody tr").Count);
        }
    }

    private static IEnumerable<string> Figures(Page page) => page.All(".desk-figures__item").Select(Html.Text);

    private static async Task<IReadOnlyList<string>> FindAsync(TestBrowser browser, string typed) =>
        [
            .. (await browser.GetAsync($"/support?find={Uri.EscapeDataString(typed)}"))
                .Ok()
                .All("tbody .reference")
                .Select(cell => cell.TextContent.Trim()),
        ];
}
