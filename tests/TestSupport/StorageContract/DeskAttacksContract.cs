using System.Net;
using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Recovery.Cases;
using Recovery.Ports;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>What a member of staff, or somebody who writes to them, could try at the desk.</summary>
public abstract class DeskAttacksContract : StorageContract
{
    private const string Markup = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)><xss>&lt;b&gt;{{7*7}}@@Model";

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
            "username" => await Server.OpenCaseAsync(new CaseEvidence { Username = $" {officer.Username.ToUpperInvariant()}" }),
            "address" => await Server.OpenCaseAsync(newEmail: "Officer@Example.test"),
            _ => await Server.OpenCaseAsync(new CaseEvidence { EarlierEmails = ["officer@example.test"] }),
        };

        var page = await browser.GetAsync($"/support/cases/{support.Reference}");
        var approve = await browser.GetAsync($"/support/cases/{support.Reference}/approve");
        var forged = await ForgeAsync(browser, $"/support/cases/{support.Reference}/approve", ("Account", officer.Id.ToString()));

        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Contains("your own account", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, approve.Status);
        Assert.Equal(HttpStatusCode.Forbidden, forged.Status);
        Assert.Equal(CaseState.Open, (await Server.CaseAsync(support.Id)).State);
        var refused = await Server.AuditAsync(support.Id);
        Assert.Equal(3, refused.Count(e => e.Kind == RecoveryAuditKinds.CaseRefused && e.Actor == officer.Id.ToString()));
    }

    [Fact]
    public async Task Nobody_makes_a_case_be_about_their_own_account_or_a_support_officer_about_an_administrators()
    {
        var (officer, browser) = await Server.OfficerAsync();
        using var closing = browser;
        var administrator = await Server.Given.AccountAsync(more: a => (a.StaffRole, a.Name, a.GmcNumber) = (StaffRole.Administrator, "Megan Hughes", "7777777"));
        var support = await Server.OpenCaseAsync(new CaseEvidence { GmcNumber = "7777777" });

        foreach (var account in new[] { officer.Id, administrator.Id, Guid.NewGuid() })
        {
            var page = await ForgeAsync(browser, $"/support/cases/{support.Reference}?handler=Choose", ("Account", account.ToString()));
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
            await ForgeAsync(one, $"/support/cases/{support.Reference}/approve", ("Account", colleague.Id.ToString())));
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
            new CaseEvidence { GivenName = "Unmistakable", FamilyName = "Boss" }, c => c.AccountId = boss.Id);
        var (_, officer) = await Server.OfficerAsync();
        var (_, one) = await Server.OfficerAsync(StaffRole.Administrator);
        var (_, two) = await Server.OfficerAsync(StaffRole.Administrator);
        using var closing = officer;
        using var closingOne = one;
        using var closingTwo = two;

        var list = (await officer.GetAsync("/support")).Ok();
        var page = await officer.GetAsync($"/support/cases/{support.Reference}");
        var forged = await ForgeAsync(officer, $"/support/cases/{support.Reference}/approve", ("Account", boss.Id.ToString()));
        await one.DecideAsync(support, "approve");
        var second = await ForgeAsync(officer, $"/support/cases/{support.Reference}/approve", ("Account", boss.Id.ToString()));
        await two.DecideAsync(support, "approve");

        Assert.DoesNotContain("Unmistakable", list.Text, StringComparison.Ordinal);
        Assert.Equal(
            [HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden], new[] { page.Status, forged.Status, second.Status });
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
        await Server.InDatabaseAsync(db => db.Accounts.Where(a => a.Id == first.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.StaffRole, StaffRole.None)));

        await ForgeAsync(two, $"/support/cases/{support.Reference}/approve", ("Account", colleague.Id.ToString()));
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
        await Server.InDatabaseAsync(db => db.Accounts.Where(a => a.Id == trainee.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.StaffRole, StaffRole.Support)));
        Server.Clock.Advance(TimeSpan.FromHours(25));

        await Server.ReleaseDueAsync();

        var back = await Server.CaseAsync(support.Id);
        Assert.Equal((CaseState.Open, (Guid?)null, (DateTimeOffset?)null), (back.State, back.ApprovedBy, back.ReleaseAt));
    }

    [Fact]
    public async Task Of_many_officers_who_decide_at_once_exactly_one_does_and_the_others_are_told()
    {
        var trainee = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(more: c => c.AccountId = trainee.Id);
        var forms = new List<(TestBrowser Browser, Page Form)>();
        for (var i = 0; i < 12; i++)
        {
            var (_, browser) = await Server.OfficerAsync();
            forms.Add((browser, (await browser.GetAsync($"/support/cases/{support.Reference}/{(i % 2 == 0 ? "approve" : "reject")}")).Ok()));
        }

        var answers = await Task.WhenAll(forms.Select((form, i) => form.Browser.SubmitAsync(
            form.Form, i % 2 == 0 ? null : new Dictionary<string, string> { ["Reason"] = "Duplicate" })));

        // Rejecting what was just approved is a decision of its own, so there are one or two; approving happens once at the most.
        var entries = await Server.InDatabaseAsync(db => db.CaseEntries.AsNoTracking().Where(e => e.CaseId == support.Id).ToListAsync());
        var approvals = entries.Count(e => e.Kind == CaseEntryKind.Approved);
        var done = answers.Count(answer => answer.Location?.Query is "?done=approved" or "?done=rejected");
        Assert.Equal(1, entries.Count(e => e.Kind == CaseEntryKind.Rejected));
        Assert.InRange(approvals, 0, 1);
        Assert.Equal(1 + approvals, done);
        Assert.Equal(12 - done, answers.Count(answer => answer.Location?.Query == "?done=overtaken"));
        Assert.Equal(CaseState.Rejected, (await Server.CaseAsync(support.Id)).State);
        forms.ForEach(form => form.Browser.Dispose());
    }

    [Fact]
    public async Task Of_many_officers_who_take_a_case_at_once_one_gets_it()
    {
        var support = await Server.OpenCaseAsync();
        var officers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Server.OfficerAsync()));
        var pages = await Task.WhenAll(officers.Select(o => o.Browser.GetAsync($"/support/cases/{support.Reference}")));

        var answers = await Task.WhenAll(officers.Zip(pages, (o, page) => o.Browser.SubmitAsync(page.Ok(), form: "form[action$='handler=Take']")));

        Assert.Single(answers, answer => answer.Location?.Query == "?done=assigned");
        Assert.Equal(7, answers.Count(answer => answer.Location?.Query == "?done=overtaken"));
        Assert.Single(await Server.InDatabaseAsync(db => db.CaseEntries.Where(e => e.Kind == CaseEntryKind.Assigned).ToListAsync()));
        Array.ForEach(officers, o => o.Browser.Dispose());
    }

    [Theory]
    [InlineData(CaseState.Rejected)]
    [InlineData(CaseState.Stopped)]
    [InlineData(CaseState.Released)]
    [InlineData(CaseState.Lapsed)]
    public async Task What_is_closed_stays_closed(CaseState state)
    {
        var trainee = await Server.TraineeAsync();
        var other = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(more: c => (c.State, c.AccountId, c.ClosedAt) = (state, trainee.Id, Server.Now));
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;
        var address = $"/support/cases/{support.Reference}";

        await ForgeAsync(browser, $"{address}/approve", ("Account", trainee.Id.ToString()));
        await ForgeAsync(browser, $"{address}/reject", ("Reason", "Duplicate"));
        await ForgeAsync(browser, $"{address}/ask", ("Question", "Are you there?"));
        await ForgeAsync(browser, $"{address}?handler=SendBack");
        await ForgeAsync(browser, $"{address}?handler=Choose", ("Account", other.Id.ToString()));
        await ForgeAsync(browser, $"{address}?handler=Take", ("from", ""));

        var after = await Server.CaseAsync(support.Id);
        Assert.Equal((state, trainee.Id), (after.State, after.AccountId));
        Assert.Null(after.AssignedTo);
        Assert.Null(after.ApprovedBy);
        Assert.Empty(await Server.Mailbox.AllAsync());
        Assert.Empty((await browser.GetAsync(address)).Ok().All("main a[href$=approve], main a[href$=reject], main a[href$=ask]"));
    }

    [Fact]
    public async Task An_approval_is_for_the_account_that_was_shown_and_no_other()
    {
        var trainee = await Server.TraineeAsync();
        var other = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(more: c => c.AccountId = trainee.Id);
        var (_, one) = await Server.OfficerAsync();
        var (_, two) = await Server.OfficerAsync();
        using var closingOne = one;
        using var closingTwo = two;
        var form = (await one.GetAsync($"/support/cases/{support.Reference}/approve")).Ok();

        await two.KeepAsync(support, "Choose", query: $"?account={other.Id}");
        var answer = await one.SubmitAsync(form);

        Assert.Equal("?done=overtaken", answer.Location?.Query);
        Assert.Equal(CaseState.Open, (await Server.CaseAsync(support.Id)).State);
    }

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
            ($"{address}/approve", "Account", trainee.Id.ToString()), ($"{address}/reject", "Reason", "Duplicate"), ($"{address}/ask", "Question", "?"),
            ($"{address}?handler=Note", "Note", "x"), ($"{address}?handler=Tag", "NewTag", "x"), ($"{address}?handler=Take", "from", ""),
            ($"{address}?handler=Choose", "Account", trainee.Id.ToString()), ("/support/mail", "message", Guid.NewGuid().ToString()),
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
                LastPost = new StatedPost { Employer = Markup, Specialty = Markup, Grade = Markup, From = Markup, To = Markup, Supervisor = Markup },
                SupervisedTrainees = [Markup],
                More = Markup,
            },
            newEmail: Markup);
        var held = await Server.Given.AccountAsync(more: a => (a.GivenName, a.FamilyName, a.GmcNumber) = (Markup, Markup, Markup));
        var (_, browser) = await Server.OfficerAsync(name: Markup);
        using var closing = browser;
        await browser.KeepAsync(support, "Note", new Dictionary<string, string> { ["Note"] = Markup });
        await browser.KeepAsync(support, "Take");
        var badTag = await browser.KeepAsync(support, "Tag", new Dictionary<string, string> { ["NewTag"] = Markup });

        Page[] pages =
        [
            badTag,
            await browser.GetAsync("/support?tag=" + Uri.EscapeDataString(Markup) + "&state=" + Uri.EscapeDataString(Markup)),
            await browser.GetAsync($"/support/cases/{support.Reference}?account={held.Id}&done={Uri.EscapeDataString(Markup)}"),
            await browser.GetAsync($"/support/cases/{support.Reference}?find={Uri.EscapeDataString(Markup)}"),
            await browser.GetAsync($"/support/cases/{support.Reference}/reject"),
            await browser.GetAsync($"/support/cases/{support.Reference}/ask"),
        ];

        foreach (var page in pages)
        {
            Assert.Empty(page.Ok().All("xss, main script, main img, [onerror]"));
        }

        Assert.Contains(Markup, pages[2].Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Possible match", pages[2].One("#compare + p").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nadia Patel")]
    [InlineData("nadia.patel@royal.example.test")]
    public async Task A_supervisors_name_in_every_field_makes_no_account_likely(string typed)
    {
        var trainee = await Server.TraineeAsync();
        var supervisor = await Server.Given.AccountAsync("patel1234", a =>
        {
            (a.GivenName, a.FamilyName, a.GmcNumber) = ("Nadia", "Patel", "7654329");
            (a.Email, a.EmailVerified) = ("nadia.patel@royal.example.test", true);
        });
        await Server.InDatabaseAsync(db =>
        {
            db.Supervisions.Add(new Supervision { SupervisorId = supervisor.Id, TraineeId = trainee.Id });
            return db.SaveChangesAsync();
        });
        var support = await Server.OpenCaseAsync(new CaseEvidence
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
            LastPost = new StatedPost { Employer = typed, Specialty = typed, Grade = typed, From = typed, To = typed, Supervisor = typed },
            SupervisedTrainees = [typed],
            More = typed,
        });
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = (await browser.GetAsync($"/support/cases/{support.Reference}")).Ok();

        Assert.NotEmpty(page.All(".desk-suggestions__item"));
        Assert.DoesNotContain("Likely match", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Strong match", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("7654321", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_desk_stays_usable_with_ten_thousand_cases()
    {
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;
        await Server.InDatabaseAsync(async db =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                var support = StaffDesk.NewCase(Server.Now.AddMinutes(-i));
                db.SupportCases.Add(support);
                if (i % 100 == 0)
                {
                    db.CaseTags.Add(new CaseTag { CaseId = support.Id, Tag = "flood" });
                }
            }

            return await db.SaveChangesAsync();
        });

        var first = (await browser.GetAsync("/support")).Ok();
        var last = (await browser.GetAsync("/support?p=400")).Ok();
        var tagged = (await browser.GetAsync("/support?tag=flood&p=2")).Ok();

        Assert.Contains("10,000 cases", first.Text, StringComparison.Ordinal);
        Assert.Equal([25, 25, 25], new[] { first, last, tagged }.Select(page => page.All("tbody tr").Count));
        Assert.Contains("Page 2 of 400", first.Text, StringComparison.Ordinal);
        Assert.Contains("Page 399 of 400", last.Text, StringComparison.Ordinal);
        Assert.Contains("Page 3 of 4", tagged.Text, StringComparison.Ordinal);
        Assert.True(first.Body.Length < 60_000, $"A page of the list has {first.Body.Length} characters.");
    }

    [Fact]
    public async Task The_commonest_name_brings_a_few_accounts_and_the_right_one_when_something_else_is_right_too()
    {
        var wanted = await Server.Given.AccountAsync(more: a => (a.GivenName, a.FamilyName, a.CollegeNumber) = ("John", "Smith", "RCP 42"));
        await Server.InDatabaseAsync(async db =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                db.Accounts.Add(new Account
                {
                    Id = Guid.NewGuid(),
                    Username = $"johnsmith{i}",
                    GivenName = "John",
                    FamilyName = "Smith",
                    CreatedAt = Server.Now,
                    UpdatedAt = Server.Now,
                });
            }

            return await db.SaveChangesAsync();
        });

        var candidates = await Server.InScopeAsync(services => ((IHeldRecords)services.GetService(typeof(IHeldRecords))!).CandidatesAsync(
            new CaseEvidence { GivenName = "john", FamilyName = "SMITH", CollegeNumber = "rcp42" }, null, 100, CancellationToken.None));

        Assert.Contains(candidates, candidate => candidate.Account.Id == wanted.Id);
        Assert.InRange(candidates.Count, 2, 60);
    }

    /// <summary>Sends what no page offered, with the antiforgery token of a page that was shown.</summary>
    private static async Task<Page> ForgeAsync(TestBrowser browser, string path, params (string Name, string Value)[] fields)
    {
        var shown = await browser.GetAsync("/account");
        var token = shown.One("main form input[name=__RequestVerificationToken]").GetAttribute("value") ?? "";
        return await browser.PostAsync(
            path, fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)).Append(new("__RequestVerificationToken", token)));
    }
}
