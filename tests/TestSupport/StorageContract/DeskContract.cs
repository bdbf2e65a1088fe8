using System.Net;
using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Recovery.Cases;
using Recovery.Ports;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Support staff at the desk, through the front door.</summary>
public abstract class DeskContract : StorageContract
{
    [Theory]
    [InlineData("/support")]
    [InlineData("/support/mail")]
    [InlineData("/support/mail/person")]
    [InlineData("/support/emails")]
    [InlineData("/support/cases/K7QM2X9P")]
    [InlineData("/support/cases/K7QM2X9P/approve")]
    public async Task A_visitor_is_sent_to_log_in_and_back(string path)
    {
        var officer = await Server.Given.AccountAsync(more: a => a.StaffRole = StaffRole.Support);
        using var browser = Server.NewBrowser();

        var logIn = await browser.OpenAsync(path);
        var page = await browser.LogInAsync(logIn, officer.Username, officer.Password);

        Assert.Equal("Log in", logIn.Heading);
        Assert.Equal(path, page.Url.AbsolutePath);
    }

    [Fact]
    public async Task A_person_who_is_not_staff_gets_a_plain_refusal()
    {
        var support = await Server.OpenCaseAsync();
        using var browser = await Server.Given.LoggedInAsync(await Server.Given.AccountAsync());

        foreach (
            var path in new[]
            {
                "/support",
                "/support/mail",
                "/support/mail/person",
                "/support/emails",
                $"/support/cases/{support.Reference}",
                $"/support/cases/{support.Reference}/approve",
            }
        )
        {
            var page = await browser.GetAsync(path);

            Assert.Equal(HttpStatusCode.Forbidden, page.Status);
            Assert.Equal("You cannot open this page", page.Heading);
        }
    }

    [Fact]
    public async Task What_is_stated_stands_beside_what_is_held_with_marks_and_suggestions()
    {
        var trainee = await Server.TraineeAsync();
        var namesake = await Server.Given.AccountAsync(more: a =>
            (a.GivenName, a.FamilyName, a.GmcNumber) = ("Aoife", "O'Brien", "1111111")
        );
        var support = await Server.OpenCaseAsync(
            new CaseEvidence
            {
                GivenName = "Aoife",
                FamilyName = "OBrien",
                EarlierEmails = ["aoife@OLD.example.test"],
                LastPost = new StatedPost
                {
                    Employer = "the royal infirmary",
                    From = "2023",
                    Grade = "ST5",
                },
                CollegeNumber = "RCP 1",
            }
        );
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = (await browser.GetAsync($"/support/cases/{support.Reference.ToLowerInvariant()}")).Ok();

        Assert.Equal("Likely match", Html.Text(page.One(".desk-compared .nhsuk-tag")));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["First name"] = "Same",
                ["Last name"] = "Same",
                ["Username"] = "Not stated",
                ["New email address"] = "Not held",
                ["Earlier email address"] = "Same",
                ["GMC number"] = "Not stated",
                ["College number"] = "Not held",
                ["Employer in last post"] = "Same",
                ["Specialty"] = "Not stated",
                ["Grade"] = "Different",
                ["In post from"] = "Similar",
                ["Supervisor"] = "Not stated",
            },
            page.All(".desk-compare tbody tr").ToDictionary(row => Cell(row, 0), row => Cell(row, 3))
        );
        Assert.DoesNotContain("7654321", page.Body, StringComparison.Ordinal); // nobody claimed it
        Assert.DoesNotContain("Nadia Patel", page.Text, StringComparison.Ordinal);
        var suggested = page.All(".desk-suggestions__item a").Select(link => link.TextContent).ToList();
        Assert.Equal(2, suggested.Count);
        Assert.Contains(trainee.Username, suggested[0], StringComparison.Ordinal);
        Assert.Contains(namesake.Username, suggested[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_begins_the_waiting_time_and_every_held_address_is_told()
    {
        var trainee = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync();
        var (officer, browser) = await Server.OfficerAsync();
        using var closing = browser;

        await browser.KeepAsync(support, "Choose", query: $"?account={trainee.Id}");
        var page = await browser.FollowAsync(await browser.DecideAsync(support, "approve"));

        var approved = await Server.CaseAsync(support.Id);
        Assert.Contains("You have approved this case", page.Ok().Text, StringComparison.Ordinal);
        Assert.Equal(
            (CaseState.Approved, trainee.Id, officer.Id),
            (approved.State, approved.AccountId, approved.ApprovedBy)
        );
        Assert.Equal(Server.Now.AddHours(24), approved.ReleaseAt);
        Assert.Contains(
            support.Reference,
            (await Server.Mailbox.WaitForAsync("Aoife@Old.example.test")).Text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            support.Reference,
            (await Server.Mailbox.WaitForAsync(support.NewEmail!)).Text,
            StringComparison.Ordinal
        );
        Assert.Empty(page.All("main a[href$=approve]"));
    }

    [Fact]
    public async Task Every_view_and_every_step_is_in_the_audit_trail_with_who_did_it()
    {
        var trainee = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(new CaseEvidence { GivenName = "Aoife" });
        var (officer, browser) = await Server.OfficerAsync();
        using var closing = browser;

        await browser.KeepAsync(support, "Choose", query: $"?account={trainee.Id}");
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await browser.KeepAsync(support, "Take");
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await browser.KeepAsync(support, "Note", new Dictionary<string, string> { ["Note"] = "Rang the deanery" });
        await browser.DecideAsync(
            support,
            "reject",
            new Dictionary<string, string> { ["Reason"] = "NotEnoughEvidence" }
        );

        var events = await Server.AuditAsync(support.Id);
        Assert.Equal(
            [
                (RecoveryAuditKinds.CaseAccountChosen, trainee.Id),
                (RecoveryAuditKinds.CaseAccountViewed, trainee.Id),
                (RecoveryAuditKinds.CaseViewed, null),
                (RecoveryAuditKinds.CaseAccountViewed, trainee.Id),
                (RecoveryAuditKinds.CaseAssigned, trainee.Id),
                (RecoveryAuditKinds.CaseViewed, trainee.Id),
                (RecoveryAuditKinds.CaseAccountViewed, trainee.Id),
                (RecoveryAuditKinds.CaseNoted, trainee.Id),
                (RecoveryAuditKinds.CaseRejected, trainee.Id),
                (RecoveryAuditKinds.CaseViewed, trainee.Id),
            ],
            events.Select(e => (e.Kind, e.AccountId))
        );
        Assert.All(events, e => Assert.Equal(officer.Id.ToString(), e.Actor));
        var page = (await browser.GetAsync($"/support/cases/{support.Reference}")).Ok();
        Assert.Equal(
            ["Account chosen", "Address proved, case opened", "Assigned", "Note", "Rejected"],
            page.All(".desk-history__item strong").Select(Html.Text).Order(StringComparer.Ordinal)
        ); // and no look
        Assert.Contains("Rang the deanery", Html.Text(page.One(".desk-history .prose")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/support?state=all", "cases page=1 shown=1")]
    [InlineData("/support/mail", "undelivered mail page=1 shown=0")]
    public async Task A_look_at_a_list_is_in_the_audit_trail_too(string path, string looked)
    {
        await Server.OpenCaseAsync();
        var (officer, browser) = await Server.OfficerAsync();
        using var closing = browser;

        (await browser.GetAsync(path)).Ok();

        var listed = Assert.Single(
            await Server.InDatabaseAsync(db =>
                db.AuditEvents.AsNoTracking().Where(e => e.Kind == RecoveryAuditKinds.CaseListed).ToListAsync()
            )
        );
        Assert.Equal((officer.Id.ToString(), looked), (listed.Actor, listed.Detail));
    }

    [Fact]
    public async Task A_question_goes_out_by_mail_with_a_link_and_the_answer_brings_the_case_back()
    {
        var support = await Server.OpenCaseAsync();
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;
        using var person = Server.NewBrowser();

        var nothing = await browser.DecideAsync(support, "ask", new Dictionary<string, string> { ["Question"] = "  " });
        await browser.DecideAsync(
            support,
            "ask",
            new Dictionary<string, string> { ["Question"] = "Who supervised you in Elgin?" }
        );
        var asked = await Server.CaseAsync(support.Id);
        var mail = await Server.Mailbox.WaitForAsync(support.NewEmail!);
        var answer = (await person.GetAsync(new Uri(mail.Link(CasePaths.Answer + "/")).PathAndQuery)).Ok();
        await person.SubmitAsync(answer, new Dictionary<string, string> { ["Answer"] = "Dr Patel did" });

        var page = (await browser.GetAsync($"/support/cases/{support.Reference}")).Ok();
        Assert.StartsWith("Error: ", nothing.Document.Title, StringComparison.Ordinal);
        Assert.Equal(CaseState.MoreWanted, asked.State);
        Assert.Contains("Who supervised you in Elgin?", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Dr Patel did", page.Text, StringComparison.Ordinal);
        Assert.Equal(CaseState.Open, (await Server.CaseAsync(support.Id)).State);
    }

    [Fact]
    public async Task A_case_is_rejected_for_a_listed_reason_and_the_person_learns_nothing_about_what_is_held()
    {
        var support = await Server.OpenCaseAsync();
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var without = await browser.DecideAsync(support, "reject");
        var made = await browser.DecideAsync(
            support,
            "reject",
            new Dictionary<string, string> { ["Reason"] = "SuspectedFraud", ["Note"] = "Same voice as yesterday" }
        );

        var rejected = await Server.CaseAsync(support.Id);
        var mail = await Server.Mailbox.WaitForAsync(support.NewEmail!);
        Assert.Contains("Select why you reject the case", without.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, made.Status);
        Assert.Equal(
            (CaseState.Rejected, RejectReason.SuspectedFraud, Server.Now),
            (rejected.State, rejected.RejectedBecause, rejected.ClosedAt)
        );
        Assert.DoesNotContain("fraud", mail.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("voice", mail.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_list_is_narrowed_by_state_tag_and_whose_it_is_with_the_longest_waiting_first()
    {
        var (officer, browser) = await Server.OfficerAsync();
        using var closing = browser;
        var newer = await Server.OpenCaseAsync();
        var older = await Server.OpenCaseAsync(more: c => c.ChangedAt = Server.Now.AddDays(-2));
        var rejected = await Server.OpenCaseAsync(more: c => c.State = CaseState.Rejected);
        var draft = await Server.OpenCaseAsync(more: c => (c.State, c.OpenedAt) = (CaseState.Draft, null));
        await browser.KeepAsync(newer, "Take");
        await browser.KeepAsync(older, "Tag", new Dictionary<string, string> { ["NewTag"] = " Call  BACK " });

        Assert.Equal([older.Reference, newer.Reference], await ListAsync(browser, "/support"));
        Assert.Equal([older.Reference, newer.Reference], await ListAsync(browser, "/support?sort=oldest"));
        Assert.Equal([newer.Reference, older.Reference], await ListAsync(browser, "/support?sort=newest"));
        Assert.Equal([newer.Reference], await ListAsync(browser, "/support?whose=mine"));
        Assert.Equal([older.Reference], await ListAsync(browser, "/support?whose=nobody"));
        Assert.Equal([older.Reference], await ListAsync(browser, "/support?tag=call+back"));
        Assert.Equal([rejected.Reference], await ListAsync(browser, "/support?state=rejected"));
        Assert.Equal(3, (await ListAsync(browser, "/support?state=all&p=99999999999")).Count);
        Assert.Equal(
            $"/support/cases/{older.Reference}",
            (await browser.GetAsync($"/support?find={older.Reference.ToLowerInvariant()}")).Location?.AbsolutePath
        );
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/support/cases/{draft.Reference}")).Status);
        Assert.Equal(officer.Id, (await Server.CaseAsync(newer.Id)).AssignedTo);
        await browser.KeepAsync(older, "Untag");
        Assert.Empty(await ListAsync(browser, "/support?tag=call+back"));
    }

    [Fact]
    public async Task An_account_is_found_by_its_username_or_any_address_and_one_that_is_not_there_is_said_so()
    {
        var trainee = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(new CaseEvidence { GivenName = "Nobody" });
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var byUsername = await browser.OpenAsync(
            $"/support/cases/{support.Reference}?find={Uri.EscapeDataString(trainee.Username.Replace('\'', '’'))}"
        );
        var byAddress = await browser.OpenAsync($"/support/cases/{support.Reference}?find=aoife%40old.example.test");
        var nobody = await browser.GetAsync($"/support/cases/{support.Reference}?find=nobody%40example.test");

        Assert.Contains(trainee.Username, byUsername.Ok().One(".desk-compared").TextContent, StringComparison.Ordinal);
        Assert.Contains(trainee.Username, byAddress.Ok().One(".desk-compared").TextContent, StringComparison.Ordinal);
        Assert.Contains("No account has this username or email address", nobody.Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_in_that_is_too_old_to_decide_is_asked_for_again_and_leads_back()
    {
        var trainee = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync(more: c => c.AccountId = trainee.Id);
        var (officer, browser) = await Server.OfficerAsync();
        using var closing = browser;
        var before = (await browser.GetAsync($"/support/cases/{support.Reference}/approve")).Ok();
        Server.Clock.Advance(TimeSpan.FromMinutes(40));
        (await browser.GetAsync("/support")).Ok(); // the session is in use
        Server.Clock.Advance(TimeSpan.FromMinutes(40));

        var late = await browser.SubmitAsync(before);
        var logIn = await browser.FollowAsync(late);
        var page = await browser.LogInAsync(logIn, officer.Username, officer.Password);

        Assert.Equal("Log in", logIn.Heading);
        Assert.Equal(CaseState.Open, (await Server.CaseAsync(support.Id)).State);
        Assert.Equal($"/support/cases/{support.Reference}/approve", page.Ok().Url.AbsolutePath);
        await browser.SubmitAsync(page);
        Assert.Equal(CaseState.Approved, (await Server.CaseAsync(support.Id)).State);
    }

    [Fact]
    public async Task A_message_that_was_refused_is_seen_on_the_case_and_in_the_list_and_sent_again_once()
    {
        var support = await Server.OpenCaseAsync();
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;
        await Server.RefusedMessageAsync(support, "550 no such person");

        var list = (await browser.GetAsync("/support/mail")).Ok();
        var page = (await browser.GetAsync($"/support/cases/{support.Reference}")).Ok();
        await browser.SubmitAsync(page, form: "form[action*='handler=Resend']");
        var again = await browser.FollowAsync(await browser.SubmitAsync(list));

        Assert.Contains("550 no such person", list.Text, StringComparison.Ordinal);
        Assert.Contains(support.Reference, list.Text, StringComparison.Ordinal);
        Assert.Contains("550 no such person", page.Text, StringComparison.Ordinal);
        Assert.Contains("cannot be sent again", again.Ok().Text, StringComparison.Ordinal);
        Assert.Contains(
            support.Reference,
            (await Server.Mailbox.WaitForAsync(support.NewEmail!)).Text,
            StringComparison.Ordinal
        );
        Assert.Single(await Server.Mailbox.AllAsync(support.NewEmail));
        Assert.Empty(
            (await browser.GetAsync($"/support/cases/{support.Reference}")).Ok().All("form[action*='handler=Resend']")
        );
    }

    private static async Task<IReadOnlyList<string>> ListAsync(TestBrowser browser, string address) =>
        [
            .. (await browser.GetAsync(address))
                .Ok()
                .All("tbody .reference")
                .Select(reference => reference.TextContent.Trim()),
        ];

    private static string Cell(AngleSharp.Dom.IElement row, int index)
    {
        var cell = (AngleSharp.Dom.IElement)row.QuerySelectorAll("td")[index].Clone();
        cell.QuerySelector(".nhsuk-table-responsive__heading")?.Remove();
        return Html.Text(cell);
    }
}
