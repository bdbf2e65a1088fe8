using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Recovery.Cases.Claim;
using Recovery.Ports;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>
/// The form of a support case: filled in, left, come back to, sent, and opened by whoever reads the new address.
/// </summary>
public abstract class CaseFormContract : StorageContract
{
    [Fact]
    public async Task A_person_answers_each_page_checks_the_answers_and_opens_a_case_from_their_mailbox()
    {
        using var person = new Claimant(Server);

        var answers = await person.AnswerAllAsync();
        var sent = await person.Browser.FollowAsync(await person.Browser.SubmitAsync(answers));
        var link = await person.LinkAsync(CasePaths.Confirm);
        using var elsewhere = Server.NewBrowser();
        var opened = await elsewhere.FollowAsync(await elsewhere.SubmitAsync((await elsewhere.GetAsync(link)).Ok()));

        Assert.Equal("Check your answers", answers.Heading);
        foreach (
            var answer in Claimant.Answers.Values.SelectMany(page => page.Values).SelectMany(value => value.Split('\n'))
        )
        {
            Assert.Contains(answer, answers.Text, StringComparison.Ordinal);
        }

        Assert.Contains(person.Email, sent.Text, StringComparison.Ordinal);
        Assert.Equal("Your case", opened.Heading);
        Assert.Contains("With support staff", opened.Text, StringComparison.Ordinal);
        var stored = await person.CaseAsync();
        Assert.Equal(
            (CaseState.Open, Server.Now, Server.Now),
            (stored.State, stored.OpenedAt!.Value, stored.AddressProvedAt!.Value)
        );
        Assert.Equal(
            ("Aoife", "O’Brien", "o'brien4821", "12 a 3456 e", "Dr N. Patel"),
            (
                stored.Evidence!.GivenName,
                stored.Evidence.FamilyName,
                stored.Evidence.Username,
                stored.Evidence.NmcNumber,
                stored.Evidence.LastPost!.Supervisor
            )
        );
        Assert.Equal(["Sam Lee", "Ana Kovač"], stored.Evidence.SupervisedTrainees);
        Assert.Equal(
            [RecoveryAuditKinds.CaseBegun, RecoveryAuditKinds.CaseOpened, RecoveryAuditKinds.CaseProofSent],
            await AuditedAsync(stored.Id)
        );
        Assert.Equal([CaseEntryKind.Opened], await HistoryAsync(stored.Id));
        Assert.Equal(opened.Url.AbsolutePath, await person.LinkAsync(CasePaths.Status));
    }

    [Fact]
    public async Task Looking_at_the_link_opens_nothing_however_often_a_mail_scanner_looks()
    {
        using var person = new Claimant(Server);
        var link = await person.SendAsync();
        using var scanner = Server.NewBrowser();

        for (var i = 0; i < 5; i++)
        {
            (await scanner.GetAsync(link)).Ok();
        }

        Assert.Equal(CaseState.Draft, (await person.CaseAsync()).State);
    }

    [Fact]
    public async Task A_form_that_was_left_is_gone_on_with_in_another_browser()
    {
        using var person = new Claimant(Server);
        await person.BeginAsync();
        var saved = await person.AnswerAsync(
            "/support-case/name",
            Claimant.Answers["/support-case/name"],
            button: "later"
        );
        using var elsewhere = Server.NewBrowser();

        var resume = (await elsewhere.GetAsync(await person.LinkAsync(CasePaths.Resume))).Ok();
        var tasks = await elsewhere.FollowAsync(await elsewhere.SubmitAsync(resume));
        var name = await elsewhere.GetAsync("/support-case/name");

        Assert.Equal("Your answers are saved", saved.Heading);
        Assert.Contains("1 February 2026 at 5:00am", saved.Text, StringComparison.Ordinal);
        Assert.Contains(person.Email, resume.Text, StringComparison.Ordinal);
        Assert.Contains("Done", tasks.Text, StringComparison.Ordinal);
        Assert.Equal("O’Brien", name.One("#FamilyName").GetAttribute("value"));
    }

    [Fact]
    public async Task The_link_to_go_on_works_again_until_the_form_is_sent_and_then_says_so()
    {
        using var person = new Claimant(Server);
        await person.BeginAsync();
        await person.AnswerAsync("/support-case/name", Claimant.Answers["/support-case/name"], button: "later");
        var link = await person.LinkAsync(CasePaths.Resume);
        using var second = Server.NewBrowser();
        using var third = Server.NewBrowser();
        await second.SubmitAsync((await second.GetAsync(link)).Ok());
        await third.SubmitAsync((await third.GetAsync(link)).Ok());
        await third.SubmitAsync(
            (await third.GetAsync("/support-case/username")).Ok(),
            new Dictionary<string, string> { ["Username"] = "byrne4821" }
        );
        var question = (await second.GetAsync("/support-case/username")).Ok();
        await second.FollowAsync(
            await second.SubmitAsync((await second.GetAsync("/support-case/check-your-answers")).Ok())
        );
        using var mailbox = Server.NewBrowser();
        await mailbox.SubmitAsync((await mailbox.GetAsync(await person.LinkAsync(CasePaths.Confirm))).Ok());

        var late = await second.FollowAsync(
            await second.SubmitAsync(question, new Dictionary<string, string> { ["Username"] = "somebody-else" })
        );
        var again = await third.GetAsync(link);

        Assert.Contains("your case is open", late.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Gone, "This form has been sent"), (again.Status, again.Heading));
        Assert.Equal("byrne4821", (await person.CaseAsync()).Evidence!.Username);
    }

    [Fact]
    public async Task Twenty_hours_after_its_last_answer_a_form_lapses_and_its_answers_are_gone()
    {
        using var person = new Claimant(Server);
        var link = await person.SendAsync();
        Server.Clock.Advance(TimeSpan.FromHours(19.9));
        await person.AnswerAsync("/support-case/username", new Dictionary<string, string> { ["Username"] = "kept" });
        Server.Clock.Advance(TimeSpan.FromHours(19.9));
        await Server.LapseAsync();
        var page = (await person.Browser.GetAsync(link)).Ok();
        Server.Clock.Advance(TimeSpan.FromHours(0.2));

        var tooLate = await person.Browser.SubmitAsync(page);
        await Server.LapseAsync();
        var start = await person.Browser.GetAsync(CasePaths.Start);
        var proof = await person.Browser.GetAsync(link);

        Assert.Equal(HttpStatusCode.Gone, tooLate.Status);
        Assert.Contains("your answers have been deleted", start.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Gone, "This form was not sent in time"), (proof.Status, proof.Heading));
        var stored = await Server.InDatabaseAsync(db => db.SupportCases.AsNoTracking().SingleAsync());
        Assert.Equal((CaseState.Lapsed, null, null), (stored.State, stored.Evidence, stored.NewEmail));
        Assert.Contains(RecoveryAuditKinds.CaseLapsed, await AuditedAsync(stored.Id));
    }

    [Fact]
    public async Task Fifty_at_once_who_prove_the_same_address_open_one_case()
    {
        using var person = new Claimant(Server);
        var link = await person.SendAsync();
        var browsers = Enumerable.Range(0, 50).Select(_ => Server.NewBrowser()).ToList();
        var pages = await Task.WhenAll(browsers.Select(browser => browser.GetAsync(link)));

        var ends = await Task.WhenAll(browsers.Zip(pages, (browser, page) => browser.SubmitAsync(page)));

        Assert.Single(ends, end => end.Location is not null);
        Assert.All(
            ends.Where(end => end.Location is null),
            end => Assert.Equal("You have used this link", end.Heading)
        );
        var stored = await person.CaseAsync();
        Assert.Equal([CaseEntryKind.Opened], await HistoryAsync(stored.Id));
        Assert.Single(
            await Server.InDatabaseAsync(db =>
                db.Outbox.Where(m => m.Kind == nameof(RecoveryMessage.CaseOpened)).ToListAsync()
            )
        );
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task Two_tabs_that_save_at_the_same_time_lose_nothing()
    {
        using var person = new Claimant(Server);
        await person.BeginAsync();
        var pages = await Task.WhenAll(
            Claimant.Answers.Select(async page => (Page: await person.Browser.GetAsync(page.Key), page.Value))
        );

        await Task.WhenAll(pages.Select(page => person.Browser.SubmitAsync(page.Page, page.Value)));

        var evidence = (await person.CaseAsync()).Evidence!;
        Assert.All(FormSteps.All, step => Assert.True(step.Answered(evidence), step.Title));
    }

    [Fact]
    public async Task A_new_link_and_another_address_void_the_link_before()
    {
        using var person = new Claimant(Server);
        var first = await person.SendAsync();
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await person.Browser.SubmitAsync((await person.Browser.GetAsync("/support-case/check-your-email")).Ok());
        var second = await person.LinkAsync(CasePaths.Confirm);
        await person.AnswerAsync(
            "/support-case/email",
            new Dictionary<string, string> { ["Email"] = "another@example.test" }
        );

        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.NotFound, (await person.Browser.GetAsync(first)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await person.Browser.GetAsync(second)).Status);
    }

    [Fact]
    public async Task Nothing_on_the_way_tells_whether_a_username_or_an_address_exists()
    {
        await Server.Given.AccountAsync(
            "o'brien4821",
            account => (account.Email, account.EmailVerified) = ("held@example.test", true)
        );

        var known = await WalkAsync("held@example.test", "o'brien4821");
        var unknown = await WalkAsync("nobody@example.test", "nobody4821");

        Assert.Equal(known, unknown);
    }

    [Fact]
    public async Task A_form_that_is_given_up_leaves_nothing_of_what_was_typed()
    {
        using var person = new Claimant(Server);
        await person.AnswerAllAsync();

        var again = await person.Browser.FollowAsync(
            await person.Browser.SubmitAsync((await person.Browser.GetAsync(CasePaths.Start)).Ok())
        );

        Assert.Equal("What is your email address now?", again.Heading);
        var stored = await Server.InDatabaseAsync(db => db.SupportCases.AsNoTracking().SingleAsync());
        Assert.Equal((CaseState.Lapsed, null, null), (stored.State, stored.Evidence, stored.NewEmail));
    }

    private async Task<IReadOnlyList<string>> WalkAsync(string email, string username)
    {
        using var person = new Claimant(Server, email);
        var pages = new List<Page>
        {
            await person.BeginAsync(),
            await person.AnswerAsync("/support-case/name", Claimant.Answers["/support-case/name"]),
            await person.AnswerAsync(
                "/support-case/username",
                new Dictionary<string, string> { ["Username"] = username }
            ),
            await person.AnswerAsync(
                "/support-case/earlier-email-addresses",
                new Dictionary<string, string> { ["Emails"] = email }
            ),
            await person.Browser.GetAsync("/support-case/check-your-answers"),
        };
        pages.Add(await person.Browser.FollowAsync(await person.Browser.SubmitAsync(pages[^1])));
        pages.Add(await person.Browser.GetAsync(await person.LinkAsync(CasePaths.Confirm)));
        pages.Add(await person.Browser.FollowAsync(await person.Browser.SubmitAsync(pages[^1])));
        var reference = (await person.CaseAsync()).Reference;
        return
        [
            .. pages.Select(page =>
                $"{page.Status} {page.One("main").TextContent}"
                    .Replace(email, "EMAIL", StringComparison.Ordinal)
                    .Replace(username, "USERNAME", StringComparison.Ordinal)
                    .Replace(reference, "REFERENCE", StringComparison.Ordinal)
            ),
        ];
    }

    private Task<List<string>> AuditedAsync(Guid caseId) =>
        Server.InDatabaseAsync(db =>
            db.AuditEvents.AsNoTracking()
                .Where(e => e.Detail == $"case={caseId}")
                .OrderBy(e => e.Kind)
                .Select(e => e.Kind)
                .ToListAsync()
        );

    private Task<List<CaseEntryKind>> HistoryAsync(Guid caseId) =>
        Server.InDatabaseAsync(db =>
            db.CaseEntries.AsNoTracking()
                .Where(e => e.CaseId == caseId)
                .OrderBy(e => e.At)
                .Select(e => e.Kind)
                .ToListAsync()
        );
}
