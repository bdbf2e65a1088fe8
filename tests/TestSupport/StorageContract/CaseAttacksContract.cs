using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Recovery.Cases;
using Recovery.Cases.Claim;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>What somebody could try with the claimant's side of support cases.</summary>
public abstract class CaseAttacksContract : StorageContract
{
    private const string Markup = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;b&gt;{{7*7}}@@Model";

    private static readonly string[] TokenPages =
    [
        CasePaths.Resume,
        CasePaths.Confirm,
        CasePaths.Status,
        CasePaths.Answer,
        CasePaths.Stop,
    ];

    [Fact]
    public async Task A_link_that_was_guessed_opens_nothing()
    {
        using var person = new Claimant(Server);
        await person.OpenCaseAsync();
        var account = await Server.Given.AccountAsync();
        var id = (await person.CaseAsync()).Id;
        await Server.ApproveAsync(id, account.Id);
        using var guesser = Server.NewBrowser();
        var guesses = Enumerable
            .Range(0, 40)
            .Select(_ => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)))
            .Concat([
                "",
                "x",
                new string('A', 43),
                new string('A', 2000),
                "%00",
                "..%2F..%2Fsupport",
                "%ff",
                (await person.CaseAsync()).Reference,
                id.ToString(),
            ]);

        foreach (var guess in guesses)
        {
            foreach (var page in TokenPages)
            {
                var answer = await guesser.GetAsync($"{page}/{guess}");
                Assert.True(
                    answer.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest,
                    $"{page}/{guess} answered {answer.Status}"
                );
                Assert.DoesNotContain(person.Email, answer.Body, StringComparison.Ordinal);
            }
        }

        Assert.Equal(CaseState.Approved, (await person.CaseAsync()).State);
    }

    [Fact]
    public async Task A_link_opens_only_its_own_page_of_its_own_case_and_only_as_it_was_written()
    {
        var account = await Server.Given.AccountAsync(more: account =>
            (account.Email, account.EmailVerified) = ("held@example.test", true)
        );
        using var person = new Claimant(Server);
        var confirm = await person.SendAsync();
        var status = await (await ProveAsync(person, confirm)).LinkAsync(CasePaths.Status);
        await Server.ApproveAsync((await person.CaseAsync()).Id, account.Id);
        var stop = await Server.PathInMailAsync("held@example.test", CasePaths.Stop + "/");
        using var browser = Server.NewBrowser();

        foreach (var link in new[] { confirm, status, stop })
        {
            var token = link[(link.LastIndexOf('/') + 1)..];
            var last = token[^1] == 'A' ? 'B' : 'A';
            foreach (var page in TokenPages.Where(page => !link.StartsWith(page + "/", StringComparison.Ordinal)))
            {
                Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{page}/{token}")).Status);
            }

            foreach (
                var changed in new[]
                {
                    token[..^1],
                    token + "A",
                    token[..^1] + last,
                    token.ToUpperInvariant(),
                    Uri.EscapeDataString(token + " "),
                }
            )
            {
                Assert.Equal(
                    HttpStatusCode.NotFound,
                    (await browser.GetAsync($"{link[..link.LastIndexOf('/')]}/{changed}")).Status
                );
            }
        }
    }

    [Fact]
    public async Task Nobody_stops_a_case_with_the_link_of_another()
    {
        using var mine = new Claimant(Server);
        using var theirs = new Claimant(Server);
        await mine.OpenCaseAsync();
        await theirs.OpenCaseAsync();
        var (me, them) = (await HolderAsync("me@example.test"), await HolderAsync("them@example.test"));
        await Server.ApproveAsync((await mine.CaseAsync()).Id, me);
        await Server.ApproveAsync((await theirs.CaseAsync()).Id, them);
        using var browser = Server.NewBrowser();

        var page = (await browser.GetAsync(await Server.PathInMailAsync("me@example.test", CasePaths.Stop + "/"))).Ok();
        await browser.SubmitAsync(page);

        Assert.Equal(CaseState.Stopped, (await mine.CaseAsync()).State);
        Assert.Equal(CaseState.Approved, (await theirs.CaseAsync()).State);
    }

    [Theory]
    [InlineData(CaseState.Rejected)]
    [InlineData(CaseState.Released)]
    [InlineData(CaseState.Stopped)]
    [InlineData(CaseState.Lapsed)]
    public async Task A_closed_case_is_opened_again_by_none_of_its_links(CaseState closed)
    {
        using var person = new Claimant(Server);
        await person.BeginAsync();
        await person.AnswerAsync("/support-case/name", Claimant.Answers["/support-case/name"], button: "later");
        var resume = await person.LinkAsync(CasePaths.Resume);
        var confirm = await person.SendAgainAsync();
        var resumePage = (await person.Browser.GetAsync(resume)).Ok();
        var confirmPage = (await person.Browser.GetAsync(confirm)).Ok();
        await person.Browser.SubmitAsync(confirmPage);
        var id = (await person.CaseAsync()).Id;
        var answer = await Server.AskAsync(id, "Who was your supervisor?");
        var answerPage = (await person.Browser.GetAsync(answer)).Ok();
        var account = await HolderAsync("held@example.test");
        await Server.ApproveAsync(id, account);
        var stopPage = (
            await person.Browser.GetAsync(await Server.PathInMailAsync("held@example.test", CasePaths.Stop + "/"))
        ).Ok();
        var now = Server.Now;
        await Server.InDatabaseAsync(db =>
            db.SupportCases.Where(c => c.Id == id)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(c => c.State, closed)
                        .SetProperty(c => c.ClosedAt, now)
                        .SetProperty(c => c.ReleaseAt, now)
                )
        );

        await person.Browser.SubmitAsync(resumePage);
        await person.Browser.SubmitAsync(confirmPage);
        await person.Browser.SubmitAsync(answerPage, new Dictionary<string, string> { ["Answer"] = "Open up" });
        await person.Browser.SubmitAsync(stopPage);
        await Server.ReleaseDueAsync();
        await Server.LapseAsync();

        var stored = await person.CaseAsync();
        Assert.Equal((closed, now), (stored.State, stored.ClosedAt));
        Assert.DoesNotContain(
            await Server.InDatabaseAsync(db =>
                db.CaseEntries.Where(e => e.CaseId == id).Select(e => e.Kind).ToListAsync()
            ),
            kind =>
                kind is CaseEntryKind.Answer or CaseEntryKind.Stopped or CaseEntryKind.Released or CaseEntryKind.Lapsed
        );
    }

    [Fact]
    public async Task Markup_in_any_field_is_text_wherever_it_is_shown()
    {
        using var person = new Claimant(Server);
        await person.BeginAsync();
        foreach (var (path, answers) in Claimant.Answers)
        {
            var page = await person.AnswerAsync(path, answers.ToDictionary(answer => answer.Key, _ => Markup[..48]));
            Assert.Empty(page.All("main script, main img, main b"));
            Assert.Empty((await person.Browser.GetAsync(path)).All("main script, main img, main b"));
        }

        var check = (await person.Browser.GetAsync("/support-case/check-your-answers")).Ok();
        Assert.Empty(check.All("main script, main img, main b"));
        Assert.Equal(
            16,
            check.All("main dd p").Count(line => line.TextContent.Contains(Markup[..48], StringComparison.Ordinal))
        );
        await person.Browser.SubmitAsync(check);
        await person.Browser.SubmitAsync(
            (await person.Browser.GetAsync(await person.LinkAsync(CasePaths.Confirm))).Ok()
        );
        var question = await person.Browser.GetAsync(await Server.AskAsync((await person.CaseAsync()).Id, Markup));
        Assert.Empty(question.All("main script, main img, main b"));
        Assert.Contains(Markup, question.Text, StringComparison.Ordinal);
        await person.Browser.SubmitAsync(question, new Dictionary<string, string> { ["Answer"] = Markup });
        Assert.Equal(
            Markup,
            await Server.InDatabaseAsync(db =>
                db.CaseEntries.Where(e => e.Kind == CaseEntryKind.Answer).Select(e => e.Text).SingleAsync()
            )
        );
    }

    [Fact]
    public async Task What_is_too_long_for_any_field_is_refused_with_a_sentence_and_not_kept()
    {
        using var person = new Claimant(Server);
        await person.BeginAsync();
        foreach (var (path, answers) in Claimant.Answers)
        {
            foreach (var field in answers.Keys)
            {
                var typed = answers.ToDictionary(
                    answer => answer.Key,
                    answer => answer.Key == field ? new string('x', 5000) : answer.Value
                );

                var page = await person.AnswerAsync(path, typed);

                Assert.StartsWith("Error: ", page.Document.Title, StringComparison.Ordinal);
                Assert.Equal($"#{field}", page.One(".nhsuk-error-summary a").GetAttribute("href"));
            }
        }

        Assert.All(
            FormSteps.All,
            step => Assert.False(step.Answered(person.CaseAsync().GetAwaiter().GetResult().Evidence!), step.Title)
        );
    }

    [Fact]
    public async Task Characters_that_no_database_takes_are_no_error()
    {
        using var person = new Claimant(Server);
        await person.BeginAsync();

        var page = await person.AnswerAsync(
            "/support-case/name",
            new Dictionary<string, string>
            {
                ["GivenName"] = "A\u0001oife\u202e\ufeff",
                ["FamilyName"] = "\ud800O'Brien\r\n",
            }
        );

        Assert.Equal("What is your username?", page.Heading);
        Assert.Equal("Aoife", (await person.CaseAsync()).Evidence!.GivenName);
        Assert.DoesNotContain(Server.Log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    private async Task<Guid> HolderAsync(string email) =>
        (await Server.Given.AccountAsync(more: account => (account.Email, account.EmailVerified) = (email, true))).Id;

    private static async Task<Claimant> ProveAsync(Claimant person, string link)
    {
        await person.Browser.SubmitAsync((await person.Browser.GetAsync(link)).Ok());
        return person;
    }
}
