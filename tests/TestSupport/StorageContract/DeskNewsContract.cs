using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Recovery.Cases.Desk;
using Recovery.Cases.Release;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>
/// What is new on the desk: at the top of the list, at the head of the case, and in the mail of staff who asked for it.
/// </summary>
public abstract class DeskNewsContract : StorageContract
{
    [Fact]
    public async Task A_new_case_is_at_the_top_and_says_so_until_staff_act_on_it()
    {
        var waiting = await Server.OpenCaseAsync(more: c => c.ChangedAt = Server.Now.AddDays(-3));
        using var claimant = new Claimant(Server);
        await claimant.OpenCaseAsync();
        var opened = await claimant.CaseAsync();
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var list = (await browser.GetAsync("/support")).Ok();
        var page = (await browser.GetAsync($"/support/cases/{opened.Reference}")).Ok();
        await browser.KeepAsync(opened, "Take");
        var taken = await RowsAsync(browser);
        await browser.KeepAsync(opened, "Note", new Dictionary<string, string> { ["Note"] = "Rang them" });

        Assert.Equal([opened.Reference, waiting.Reference], References(list));
        Assert.Contains("New case", Html.Text(list.All("tbody tr")[0]), StringComparison.Ordinal);
        Assert.DoesNotContain("New", Html.Text(list.All("tbody tr")[1]), StringComparison.Ordinal);
        Assert.Contains("New case", Html.Text(page.One(".desk-case")), StringComparison.Ordinal);
        Assert.Contains("This is a new case, opened on", Html.Text(page.One(".desk-news")), StringComparison.Ordinal);
        Assert.Equal([opened.Reference, waiting.Reference], taken); // whose it is does not settle it
        Assert.Equal([waiting.Reference, opened.Reference], await RowsAsync(browser));
        Assert.Empty((await browser.GetAsync($"/support/cases/{opened.Reference}")).Ok().All(".desk-news"));
    }

    [Fact]
    public async Task An_answer_puts_the_case_at_the_top_with_question_and_answer_at_its_head()
    {
        var waiting = await Server.OpenCaseAsync(more: c => c.ChangedAt = Server.Now.AddDays(-3));
        var support = await Server.OpenCaseAsync();
        await AnswerAsync(support, "Who supervised you in Elgin?", "Dr Patel did");
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var rows = await RowsAsync(browser);
        var page = (await browser.GetAsync($"/support/cases/{support.Reference}")).Ok();

        Assert.Equal([support.Reference, waiting.Reference], rows);
        Assert.Contains("New answer", Html.Text(page.One(".desk-case")), StringComparison.Ordinal);
        Assert.Contains("Who supervised you in Elgin?", Html.Text(page.One(".desk-news")), StringComparison.Ordinal);
        Assert.Contains("Dr Patel did", Html.Text(page.One(".desk-news")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_case_whose_link_could_not_be_sent_is_at_the_top_again_and_says_why()
    {
        var waiting = await Server.OpenCaseAsync(more: c => c.ChangedAt = Server.Now.AddDays(-3));
        var trainee = await Server.TraineeAsync();
        var support = await Server.OpenCaseAsync();
        using var visitor = Server.NewBrowser();
        await visitor.GetAsync("/log-in"); // which makes the keys that a mail's words are sealed with
        GoTo(await Server.ApproveAsync(support.Id, trainee.Id));
        await Server.InDatabaseAsync(db =>
            db.Accounts.Where(a => a.Id == trainee.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.Disabled, true))
        );
        await Server.InScopeAsync(services =>
            services.GetRequiredService<ReleaseDueCases>().RunAsync(CancellationToken.None)
        );
        var (_, browser) = await Server.OfficerAsync();
        using var closing = browser;

        var page = (await browser.GetAsync($"/support/cases/{support.Reference}")).Ok();

        Assert.Equal([support.Reference, waiting.Reference], await RowsAsync(browser));
        Assert.Contains("Back on the desk", Html.Text(page.One(".desk-case")), StringComparison.Ordinal);
        Assert.Contains("The account is disabled", Html.Text(page.One(".desk-news")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Staff_who_asked_for_it_are_mailed_once_about_what_they_may_see()
    {
        var boss = await Server.Given.AccountAsync(more: a =>
            a.StaffRole = AuthServer.Accounts.StaffRole.Administrator
        );
        var (all, allBrowser) = await Server.OfficerAsync(email: Address("all"));
        var (mine, mineBrowser) = await Server.OfficerAsync(email: Address("mine"));
        var (_, noneBrowser) = await Server.OfficerAsync(email: Address("none"));
        using var closing = allBrowser;
        using var closingMine = mineBrowser;
        using var closingNone = noneBrowser;
        await ChooseAsync(allBrowser, NewsWanted.All);
        await ChooseAsync(mineBrowser, NewsWanted.Mine);
        await ChooseAsync(noneBrowser, NewsWanted.None);
        var answered = await Server.OpenCaseAsync(more: c => c.AssignedTo = mine.Id);
        await AnswerAsync(answered, "Where?", "Elgin");
        var opened = await NewAsync(new CaseEvidence { GivenName = "Aoife" });
        var barred = await NewAsync(new CaseEvidence { Username = boss.Username });
        var settled = await NewAsync(new CaseEvidence { GivenName = "Aoife" });
        await allBrowser.KeepAsync(settled, "Note", new Dictionary<string, string> { ["Note"] = "Seen" });

        await Task.WhenAll(TellAsync(), TellAsync());
        await TellAsync();
        await Server.MailSettledAsync();

        var toAll = Assert.Single(await Server.Mailbox.AllAsync(Address("all")));
        var toMine = Assert.Single(await Server.Mailbox.AllAsync(Address("mine")));
        Assert.Empty(await Server.Mailbox.AllAsync(Address("none")));
        Assert.Contains(answered.Reference, toAll.Text, StringComparison.Ordinal);
        Assert.Contains(opened.Reference, toAll.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(barred.Reference, toAll.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(settled.Reference, toAll.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Aoife", toAll.Text, StringComparison.Ordinal);
        Assert.Contains(
            $"{answered.Reference}: the person answered our question",
            toMine.Text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(opened.Reference, toMine.Text, StringComparison.Ordinal);
        Assert.Contains($"/support/cases/{answered.Reference}", toMine.Text, StringComparison.Ordinal);
        Assert.NotEqual(all.Id, mine.Id);
    }

    [Fact]
    public async Task An_officer_who_is_no_longer_staff_is_mailed_nothing()
    {
        var (officer, browser) = await Server.OfficerAsync(email: Address("left"));
        using var closing = browser;
        await ChooseAsync(browser, NewsWanted.All, daily: true);
        await Server.InDatabaseAsync(db =>
            db.Accounts.Where(a => a.Id == officer.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.StaffRole, AuthServer.Accounts.StaffRole.None))
        );
        await NewAsync(new CaseEvidence { GivenName = "Aoife" });

        Server.Clock.Advance(TimeSpan.FromDays(1));
        await TellAsync();
        await SummariesAsync();

        Assert.Empty(await Server.Mailbox.AllAsync(Address("left")));
    }

    [Fact]
    public async Task A_summary_comes_once_a_day_from_the_hour_on_while_a_case_waits()
    {
        // In winter, here as in London.
        var midnight = new DateTimeOffset(Server.Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        GoTo(midnight.AddHours(9)); // the summary of this day has gone out
        var (_, browser) = await Server.OfficerAsync(email: Address("daily"));
        using var closing = browser;
        await ChooseAsync(browser, NewsWanted.None, daily: true);
        await SummariesAsync();
        GoTo(midnight.AddHours(24 + 8));
        await SummariesAsync(); // nothing waits
        var support = await Server.OpenCaseAsync();

        GoTo(midnight.AddHours(48 + 6.5));
        await SummariesAsync();
        var early = await Server.Mailbox.AllAsync(Address("daily"));
        GoTo(midnight.AddHours(48 + 7.5));
        await Task.WhenAll(SummariesAsync(), SummariesAsync());
        await SummariesAsync();
        await Server.MailSettledAsync();

        var mail = Assert.Single(await Server.Mailbox.AllAsync(Address("daily")));
        Assert.Empty(early);
        Assert.Equal("Summary of the support desk", mail.Subject);
        Assert.Contains("Cases that need a decision: 1", mail.Text, StringComparison.Ordinal);
        Assert.Contains("/support/emails", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(support.Reference, mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_choice_of_emails_is_kept_and_shown()
    {
        var (_, browser) = await Server.OfficerAsync(email: Address("keeps"));
        using var closing = browser;

        var first = (await browser.GetAsync("/support/emails")).Ok();
        var saved = await browser.FollowAsync(await ChooseAsync(browser, NewsWanted.Mine, daily: true));
        await ChooseAsync(browser, NewsWanted.Mine, daily: true);
        var missing = await browser.ForgeAsync("/support/emails", ("News", "Whatever"));

        Assert.Equal("None", first.One("input[name=News][checked]").GetAttribute("value"));
        Assert.Contains(Address("keeps"), first.Text, StringComparison.Ordinal);
        Assert.Contains("Your choice has been saved", saved.Ok().Text, StringComparison.Ordinal);
        Assert.Equal("Mine", saved.One("input[name=News][checked]").GetAttribute("value"));
        Assert.NotNull(saved.One("input[name=Daily]").GetAttribute("checked"));
        Assert.Contains("Select whether you want an email", missing.Text, StringComparison.Ordinal);
    }

    private static string Address(string name) => $"{name}@desk.example.test";

    private static async Task<Page> ChooseAsync(TestBrowser browser, NewsWanted news, bool daily = false)
    {
        var typed = new Dictionary<string, string> { ["News"] = news.ToString() };
        if (daily)
        {
            typed["Daily"] = "true";
        }

        return await browser.SubmitAsync((await browser.GetAsync("/support/emails")).Ok(), typed);
    }

    private static IReadOnlyList<string> References(Page list) =>
        [.. list.All("tbody .reference").Select(cell => cell.TextContent.Trim())];

    private static async Task<IReadOnlyList<string>> RowsAsync(TestBrowser browser) =>
        References((await browser.GetAsync("/support")).Ok());

    private void GoTo(DateTimeOffset instant) => Server.Clock.Advance(instant - Server.Now);

    private Task<SupportCase> NewAsync(CaseEvidence evidence) =>
        Server.OpenCaseAsync(
            evidence,
            c => (c.News, c.NewsAt, c.NewsToMailAt) = (CaseNews.Opened, Server.Now, Server.Now)
        );

    private async Task AnswerAsync(SupportCase support, string question, string answer)
    {
        using var person = Server.NewBrowser();
        var link = await Server.AskAsync(support.Id, question);
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await person.SubmitAsync(
            (await person.GetAsync(link)).Ok(),
            new Dictionary<string, string> { ["Answer"] = answer }
        );
    }

    private Task<int> TellAsync() =>
        Server.InScopeAsync(services => services.GetRequiredService<MailNews>().RunAsync(CancellationToken.None));

    private Task<int> SummariesAsync() =>
        Server.InScopeAsync(services => services.GetRequiredService<MailSummaries>().RunAsync(CancellationToken.None));
}
