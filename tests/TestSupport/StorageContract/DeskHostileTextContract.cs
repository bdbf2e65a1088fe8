using System.Net;
using AuthServer.Accounts;
using Recovery.Cases;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>What claimants, and other websites, could send to the desk.</summary>
public abstract class DeskHostileTextContract : StorageContract
{
    private const string Markup =
        "<script>alert(1)</script>\"'><img src=x onerror=alert(1)><xss>&lt;b&gt;{{7*7}}@@Model";

    [Fact]
    public async Task A_form_of_another_website_does_nothing()
    {
        var trainee = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(more: c => c.AccountId = trainee.Id);
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;
        var address = $"/support/cases/{support.Reference}";
        (string Path, string Field, string Value)[] forms =
        [
            ($"{address}/approve", "Account", trainee.Id.ToString()),
            ($"{address}/reject", "Reason", "Duplicate"),
            ($"{address}/ask", "Question", "?"),
            ($"{address}?handler=Note", "Note", "x"),
            ($"{address}?handler=Tag", "NewTag", "x"),
            ($"{address}?handler=Take", "from", ""),
            ($"{address}?handler=Choose", "Account", trainee.Id.ToString()),
            ("/support/mail", "message", Guid.NewGuid().ToString()),
        ];

        foreach (var (path, field, value) in forms)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(path, [new(field, value)])).Status);
        }

        Assert.Equal(CaseState.Open, (await Server.CaseAsync(support.Id)).State);
        Assert.Empty(await Server.AuditAsync(support.Id));
    }

    [Fact]
    public async Task HTML_in_every_field_is_shown_as_it_was_typed()
    {
        var support = await Server.OpenCaseAsync(
            new CaseEvidence
            {
                GivenName = Markup,
                FamilyName = Markup,
                Username = Markup,
                EarlierEmails = [Markup, Markup + "2"],
                GmcNumber = Markup,
                NmcNumber = Markup,
                Ntn = Markup,
                CollegeNumber = Markup,
                OtherNumber = Markup,
                LastPost = new StatedPost
                {
                    Employer = Markup,
                    Specialty = Markup,
                    Grade = Markup,
                    From = Markup,
                    To = Markup,
                    Supervisor = Markup,
                },
                SupervisedTrainees = [Markup],
                More = Markup,
            },
            newEmail: Markup
        );
        var held = await Server.Given.AccountAsync(more: a =>
            (a.GivenName, a.FamilyName, a.GmcNumber) = (Markup, Markup, Markup)
        );
        var (_, browser) = await Server.OfficerAsync(name: Markup);
        using var closing = browser;
        await browser.KeepAsync(support, "Note", new Dictionary<string, string> { ["Note"] = Markup });
        await browser.KeepAsync(support, "Take");
        var badTag = await browser.KeepAsync(support, "Tag", new Dictionary<string, string> { ["NewTag"] = Markup });

        Page[] pages =
        [
            badTag,
            await browser.GetAsync(
                "/support?tag=" + Uri.EscapeDataString(Markup) + "&state=" + Uri.EscapeDataString(Markup)
            ),
            await browser.GetAsync(
                $"/support/cases/{support.Reference}?account={held.Id}&done={Uri.EscapeDataString(Markup)}"
            ),
            await browser.GetAsync($"/support/cases/{support.Reference}?find={Uri.EscapeDataString(Markup)}"),
            await browser.GetAsync($"/support/cases/{support.Reference}/reject"),
            await browser.GetAsync($"/support/cases/{support.Reference}/ask"),
        ];

        foreach (var page in pages)
        {
            Assert.Empty(page.Ok().All("xss, main script, main img, [onerror]"));
        }

        Assert.Contains(Markup, pages[2].Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Possible match", pages[2].One(".desk-compared").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nadia Patel")]
    [InlineData("nadia.patel@royal.example.test")]
    public async Task A_supervisors_name_in_every_field_makes_no_account_likely(string typed)
    {
        var trainee = await Server.TraineeAsync();
        var supervisor = await Server.Given.AccountAsync(
            "patel1234",
            a =>
            {
                (a.GivenName, a.FamilyName, a.GmcNumber) = ("Nadia", "Patel", "7654329");
                (a.Email, a.EmailVerified) = ("nadia.patel@royal.example.test", true);
            }
        );
        await Server.InDatabaseAsync(db =>
        {
            db.Supervisions.Add(new Supervision { SupervisorId = supervisor.Id, TraineeId = trainee.Id });
            return db.SaveChangesAsync();
        });
        var support = await Server.OpenCaseAsync(
            new CaseEvidence
            {
                GivenName = typed,
                FamilyName = typed,
                Username = typed,
                EarlierEmails = [typed],
                GmcNumber = typed,
                NmcNumber = typed,
                Ntn = typed,
                CollegeNumber = typed,
                OtherNumber = typed,
                LastPost = new StatedPost
                {
                    Employer = typed,
                    Specialty = typed,
                    Grade = typed,
                    From = typed,
                    To = typed,
                    Supervisor = typed,
                },
                SupervisedTrainees = [typed],
                More = typed,
            }
        );
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = (await browser.GetAsync($"/support/cases/{support.Reference}")).Ok();

        Assert.NotEmpty(page.All(".desk-suggestions__item"));
        Assert.DoesNotContain("Likely match", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Strong match", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("7654321", page.Text, StringComparison.Ordinal);
    }
}
