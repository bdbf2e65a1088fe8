using AuthServer.Clients;
using TestSupport;
using TestSupport.Mail;

namespace ProtocolTests.Recovery;

/// <summary>
/// Every page of recovery, dead ends too, and every mail that leads to a page of ours knows the app that the person
/// came from, however long the journey took.
/// </summary>
public sealed class WayBackTests : IAsyncLifetime
{
    private AuthServerFixture _server = null!;
    private RelyingParty _app = null!;

    private Forgotten Forgotten => new(_server);

    public async Task InitializeAsync()
    {
        _server = await AuthServerFixture.StartAsync(new FixedClock("2026-01-30T09:00:00Z"));
        _app = await _server.Given.RelyingPartyAsync(
            new ClientMetadata
            {
                ClientName = "Portfolio",
                ClientUri = "https://portfolio.example.test/",
                RedirectUris = [Given.RedirectUri],
            }
        );
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Every_page_of_a_support_case_leads_back_to_the_app()
    {
        using var claimant = await ClaimantAsync();
        string[] pages =
        [
            "/support-case",
            "/support-case/form",
            "/support-case/email",
            .. Claimant.Answers.Keys,
            "/support-case/check-your-answers",
        ];
        foreach (var path in pages)
        {
            await LeadsBackAsync(claimant.Browser, await claimant.Browser.GetAsync(path));
        }

        await LeadsBackAsync(claimant.Browser, await NamedAsync(claimant));
        await claimant.SendAgainAsync();
        await LeadsBackAsync(claimant.Browser, await claimant.Browser.GetAsync("/support-case/check-your-email"));
        var (confirm, used, status) = await ConfirmAsync(claimant);
        await LeadsBackAsync(claimant.Browser, confirm);
        await LeadsBackAsync(claimant.Browser, used);
        await LeadsBackAsync(claimant.Browser, status);

        var link = await _server.AskAsync((await claimant.CaseAsync()).Id, "Who was your supervisor?");
        var question = await claimant.Browser.GetAsync(link);
        var typed = new Dictionary<string, string> { ["Answer"] = "Dr Patel" };
        await LeadsBackAsync(claimant.Browser, question);
        await LeadsBackAsync(claimant.Browser, await claimant.Browser.SubmitAsync(question, typed));
        await LeadsBackAsync(claimant.Browser, await claimant.Browser.GetAsync(link));
    }

    [Fact]
    public async Task A_form_that_is_removed_or_begun_again_keeps_the_app()
    {
        using var claimant = await ClaimantAsync();
        var again = await claimant.Browser.SubmitAsync(await claimant.Browser.GetAsync("/support-case"));
        await LeadsBackAsync(claimant.Browser, await claimant.Browser.FollowAsync(again));

        using var leaving = await ClaimantAsync();
        var saved = await LeaveAsync(leaving);
        await LeadsBackAsync(leaving.Browser, saved);
        await LeadsBackAsync(
            leaving.Browser,
            await leaving.Browser.FollowAsync(await leaving.Browser.SubmitAsync(saved))
        );
    }

    [Fact]
    public async Task Links_of_a_form_that_is_sent_or_too_old_lead_back_to_the_app()
    {
        using var sent = await ClaimantAsync();
        await NamedAsync(sent);
        await LeaveAsync(sent);
        await sent.SendAgainAsync();
        var resume = await sent.LinkAsync("/support-case/resume");
        await LeadsBackAsync(sent.Browser, await sent.Browser.GetAsync(resume));
        await ConfirmAsync(sent);
        var dead = await sent.Browser.GetAsync(resume);
        Assert.Equal("This form has been sent", dead.Heading);
        await LeadsBackAsync(sent.Browser, dead);

        using var late = await ClaimantAsync();
        await NamedAsync(late);
        await LeaveAsync(late);
        var confirm = await late.SendAgainAsync();
        var lateResume = await late.LinkAsync("/support-case/resume");
        _server.Clock.Advance(TimeSpan.FromHours(21));
        foreach (var path in new[] { confirm, lateResume })
        {
            var page = await late.Browser.GetAsync(path);
            Assert.Equal("This form was not sent in time", page.Heading);
            await LeadsBackAsync(late.Browser, page);
            await LeadsBackAsync(
                late.Browser,
                await late.Browser.GetAsync(page.One("main a.nhsuk-button").GetAttribute("href")!)
            );
        }

        await LeadsBackAsync(late.Browser, await late.Browser.OpenAsync("/support-case/form"));
    }

    [Fact]
    public async Task A_question_that_was_not_answered_in_time_leads_back_to_the_app_from_its_page_and_its_mail()
    {
        using var claimant = await OpenAsync();
        var link = await _server.AskAsync((await claimant.CaseAsync()).Id, "Who was your supervisor?");
        _server.Clock.Advance(TimeSpan.FromDays(30));
        await _server.LapseAsync();

        var page = await claimant.Browser.GetAsync(link);

        Assert.Equal("It is too late to answer", page.Heading);
        await LeadsBackAsync(claimant.Browser, page);
        await MailLeadsBackAsync(claimant.Email, $"Your case {(await claimant.CaseAsync()).Reference} is closed");
    }

    [Fact]
    public async Task Mail_about_a_case_that_was_rejected_leads_back_to_the_app()
    {
        using var claimant = await OpenAsync();
        var support = await claimant.CaseAsync();
        var (_, officer) = await _server.OfficerAsync();
        using var desk = officer;

        await desk.DecideAsync(support, "reject", new Dictionary<string, string> { ["Reason"] = "NotEnoughEvidence" });

        await MailLeadsBackAsync(claimant.Email, $"About your case {support.Reference}");
    }

    [Fact]
    public async Task Mail_about_a_case_that_was_stopped_leads_back_to_the_app()
    {
        using var claimant = await OpenAsync();
        var account = await _server.Given.AccountAsync(more: a =>
            (a.Email, a.EmailVerified) = ("held@example.test", true)
        );
        var support = await claimant.CaseAsync();
        await _server.ApproveAsync(support.Id, account.Id);
        using var holder = _server.NewBrowser();
        var link = await _server.PathInMailAsync("held@example.test", "/support-case/stop/");

        await holder.SubmitAsync((await holder.GetAsync(link)).Ok());

        await MailLeadsBackAsync(claimant.Email, $"Your case {support.Reference} was stopped");
    }

    [Fact]
    public async Task The_link_of_an_approved_case_and_the_notice_of_its_password_lead_back_to_the_app()
    {
        using var claimant = await OpenAsync();
        var account = await _server.Given.AccountAsync();
        await _server.ApproveAsync((await claimant.CaseAsync()).Id, account.Id);
        _server.Clock.Advance(TimeSpan.FromHours(24));
        await _server.ReleaseDueAsync();
        var link = await claimant.LinkAsync("/reset-password");

        await LeadsBackAsync(claimant.Browser, await claimant.Browser.GetAsync(link));
        await Forgotten.ChooseAsync(claimant.Browser, link);
        using var elsewhere = _server.NewBrowser();
        await LeadsBackAsync(elsewhere, await elsewhere.GetAsync(link));
        await MailLeadsBackAsync(claimant.Email, "Your password was changed");
    }

    [Fact]
    public async Task The_reminder_and_the_notice_of_a_new_password_lead_back_to_the_app_days_later()
    {
        await _server.Given.AccountAsync(more: a => (a.Email, a.EmailVerified) = ("anna@example.org", true));
        using var browser = _server.NewBrowser();
        var logIn = await browser.OpenAsync(_app.Authorize().Url);
        var link = await Forgotten.LinkAsync(
            "anna@example.org",
            logIn.One("main a[href^='/forgotten-login-details']").GetAttribute("href")
        );
        await Forgotten.ChooseAsync(browser, link);

        await MailLeadsBackAsync("anna@example.org", "Your username, and a link to choose a new password");
        await MailLeadsBackAsync("anna@example.org", "Your password was changed");
    }

    /// <summary>A person who came from the app, and has begun the form.</summary>
    private async Task<Claimant> ClaimantAsync()
    {
        var claimant = new Claimant(_server);
        var logIn = await claimant.Browser.OpenAsync(_app.Authorize().Url);
        await claimant.BeginAsync($"?ticket={Uri.EscapeDataString(Query.Read(logIn.Url)["ticket"])}");
        return claimant;
    }

    private async Task<Claimant> OpenAsync()
    {
        var claimant = await ClaimantAsync();
        await NamedAsync(claimant);
        await claimant.SendAgainAsync();
        await ConfirmAsync(claimant);
        return claimant;
    }

    private static Task<Page> NamedAsync(Claimant claimant) =>
        claimant.AnswerAsync("/support-case/name", Claimant.Answers["/support-case/name"]);

    private static async Task<Page> LeaveAsync(Claimant claimant) =>
        await claimant.Browser.FollowAsync(
            await claimant.Browser.SubmitAsync(await claimant.Browser.GetAsync("/support-case/form"), button: "later")
        );

    private static async Task<(Page Confirm, Page Used, Page Status)> ConfirmAsync(Claimant claimant)
    {
        var link = await claimant.LinkAsync("/support-case/confirm");
        var confirm = await claimant.Browser.GetAsync(link);
        var status = await claimant.Browser.FollowAsync(await claimant.Browser.SubmitAsync(confirm));
        return (confirm, await claimant.Browser.GetAsync(link), status);
    }

    private async Task MailLeadsBackAsync(string to, string subject)
    {
        var mail = Assert.Single(await MailsAsync(to), mail => mail.Subject == subject);
        _server.Clock.Advance(TimeSpan.FromDays(3));
        using var browser = _server.NewBrowser();
        string[] pages =
        [
            .. mail.Links.Where(link =>
                link.Contains("/forgotten-login-details", StringComparison.Ordinal)
                || link.Contains("/help/", StringComparison.Ordinal)
            ),
        ];
        Assert.True(pages.Length >= 2, mail.Text);
        foreach (var link in pages)
        {
            await LeadsBackAsync(browser, await browser.GetAsync(link));
        }
    }

    private async Task<IReadOnlyList<ReceivedMail>> MailsAsync(string to)
    {
        await _server.MailSettledAsync();
        return await _server.Mailbox.AllAsync(to);
    }

    private static async Task LeadsBackAsync(TestBrowser browser, Page page)
    {
        var help = (
            await browser.GetAsync(page.One("footer a[href^='/help/unable-to-log-in']").GetAttribute("href")!)
        ).Ok();
        var logIn = (await browser.GetAsync(help.One("main .nhsuk-back-link").GetAttribute("href")!)).Ok();

        Assert.True(logIn.Heading == "Log in to Portfolio", $"{page.Url} ({page.Heading}) leads to {logIn.Heading}");
    }
}
