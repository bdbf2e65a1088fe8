using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Recovery.Cases;
using Recovery.Cases.Claim;
using Recovery.Ports;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>A great many forms, mails and cases: from one network, to one mailbox, from one address.</summary>
public abstract class CaseFloodsContract : StorageContract
{
    [Fact]
    public async Task Of_ten_thousand_forms_from_one_network_few_are_begun_and_none_reaches_the_desk()
    {
        using var browser = Server.NewBrowser();
        var question = (await browser.GetAsync("/support-case/email")).Ok();
        await Server.Given.AccountAsync(more: account =>
            (account.Email, account.EmailVerified) = ("held@example.test", true)
        );

        for (var i = 0; i < 30; i++)
        {
            await browser.SubmitAsync(
                question,
                new Dictionary<string, string> { ["Email"] = $"flood-{i}@example.test" }
            );
            browser.Forget("support-case");
        }

        var refused = await browser.SubmitAsync(
            question,
            new Dictionary<string, string> { ["Email"] = "nobody@example.test" }
        );
        var held = await browser.SubmitAsync(
            question,
            new Dictionary<string, string> { ["Email"] = "held@example.test" }
        );
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 10_000),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (i, cancellationToken) =>
                await Server.InScopeAsync(services =>
                    services
                        .GetRequiredService<Drafts>()
                        .BeginAsync(
                            $"flood-{i.ToString(CultureInfo.InvariantCulture)}@example.test",
                            new Visit("127.0.0.0/24", null),
                            null,
                            cancellationToken
                        )
                )
        );
        using var elsewhere = new Claimant(Server);
        var other = await Server.InScopeAsync(services =>
            services
                .GetRequiredService<Drafts>()
                .BeginAsync(elsewhere.Email, new Visit("192.0.2.0/24", null), null, CancellationToken.None)
        );

        Assert.Equal(
            (HttpStatusCode.TooManyRequests, "Too many forms from your network"),
            (refused.Status, refused.Heading)
        );
        Assert.Equal(refused.One("main").TextContent, held.One("main").TextContent);
        Assert.Equal("3600", refused.Headers["Retry-After"]);
        Assert.Equal(
            30,
            await Server.InDatabaseAsync(db => db.SupportCases.CountAsync(c => c.Network == "127.0.0.0/24"))
        );
        Assert.Equal(
            0,
            await Server.InDatabaseAsync(db => db.SupportCases.CountAsync(c => c.State != CaseState.Draft))
        );
        Assert.IsType<DraftBegun.Begun>(other);

        Server.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(
            HttpStatusCode.Redirect,
            (
                await browser.SubmitAsync(question, new Dictionary<string, string> { ["Email"] = "late@example.test" })
            ).Status
        );
    }

    [Fact]
    public async Task Sixty_forms_begun_at_the_same_instant_are_limited_like_any_others()
    {
        var before = Enumerable.Range(0, 20).Select(BeginAsync);
        await Task.WhenAll(before);

        var ends = await Task.WhenAll(Enumerable.Range(20, 60).Select(i => Task.Run(() => BeginAsync(i))));

        Assert.Equal(10, ends.Count(end => end is DraftBegun.Begun));
        Assert.Equal(30, await Server.InDatabaseAsync(db => db.SupportCases.CountAsync()));

        Task<DraftBegun> BeginAsync(int i) =>
            Server.InScopeAsync(services =>
                services
                    .GetRequiredService<Drafts>()
                    .BeginAsync(
                        $"at-once-{i.ToString(CultureInfo.InvariantCulture)}@example.test",
                        new Visit("198.51.100.0/24", null),
                        null,
                        CancellationToken.None
                    )
            );
    }

    [Fact]
    public async Task Changing_the_address_of_a_form_does_not_make_the_mails_to_the_one_before_unsent()
    {
        const string Victim = "victim@example.test";
        for (var form = 0; form < 5; form++)
        {
            using var attacker = new Claimant(Server, Victim);
            await attacker.BeginAsync();
            await attacker.AnswerAsync("/support-case/name", Claimant.Answers["/support-case/name"]);
            for (var i = 0; i < 4; i++)
            {
                await attacker.Browser.SubmitAsync(
                    (await attacker.Browser.GetAsync("/support-case/check-your-answers")).Ok()
                );
            }

            await attacker.AnswerAsync(
                "/support-case/email",
                new Dictionary<string, string> { ["Email"] = $"mine{form}@example.test" }
            );
        }

        Assert.Equal(10, await Server.InDatabaseAsync(db => db.Outbox.CountAsync(m => m.To == Victim)));
        Assert.Equal(
            [2, 4, 4],
            (
                await Server.InDatabaseAsync(db =>
                    db.SupportCases.Where(c => c.State == CaseState.Lapsed).Select(c => c.MailsSent).ToListAsync()
                )
            ).Order()
        );
    }

    [Fact]
    public async Task Links_that_were_collected_first_and_used_later_open_no_more_cases_than_one_address_may_have()
    {
        var links = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            using var person = new Claimant(Server, "collector@example.test");
            links.Add(await person.SendAsync());
            Server.Clock.Advance(TimeSpan.FromMinutes(1)); // the newest mail is found by its time
        }

        var browsers = links.Select(_ => Server.NewBrowser()).ToList();
        var pages = await Task.WhenAll(browsers.Zip(links, (browser, link) => browser.GetAsync(link)));
        var ends = await Task.WhenAll(browsers.Zip(pages, (browser, page) => browser.SubmitAsync(page.Ok())));
        var refused = ends.ToList().FindIndex(end => end.Location is null);
        var again = await browsers[refused].SubmitAsync(pages[refused]);

        Assert.Equal(3, ends.Count(end => end.Location is not null));
        Assert.Equal(3, await Server.InDatabaseAsync(db => db.SupportCases.CountAsync(c => c.State == CaseState.Open)));
        Assert.Equal((HttpStatusCode.Conflict, "You have too many open cases"), (again.Status, again.Heading));
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task No_mailbox_is_filled_with_our_links_and_the_page_does_not_say_when_it_is_enough()
    {
        const string Victim = "victim@example.test";
        var pages = new HashSet<string>();
        for (var form = 0; form < 5; form++)
        {
            using var attacker = new Claimant(Server, Victim);
            await attacker.BeginAsync();
            await attacker.AnswerAsync("/support-case/name", Claimant.Answers["/support-case/name"]);
            await attacker.Browser.SubmitAsync(
                (await attacker.Browser.GetAsync("/support-case/check-your-answers")).Ok()
            );
            for (var i = 0; i < 8; i++)
            {
                var page = (await attacker.Browser.GetAsync("/support-case/check-your-email")).Ok();
                pages.Add(page.One("main").TextContent);
                Assert.Equal(HttpStatusCode.Redirect, (await attacker.Browser.SubmitAsync(page)).Status);
            }

            // Giving a form up does not make the mails unsent.
            await attacker.Browser.SubmitAsync((await attacker.Browser.GetAsync(CasePaths.Start)).Ok());
        }

        Assert.Equal(10, await Server.InDatabaseAsync(db => db.Outbox.CountAsync(m => m.To == Victim)));
        Assert.Single(pages);
    }

    [Fact]
    public async Task One_address_does_not_fill_the_desk()
    {
        for (var i = 0; i < 3; i++)
        {
            using var person = new Claimant(Server, "again@example.test");
            await person.OpenCaseAsync();
            Server.Clock.Advance(TimeSpan.FromDays(1.1));
        }

        using var fourth = new Claimant(Server, "again@example.test");
        var sent = await fourth.Browser.FollowAsync(await fourth.Browser.SubmitAsync(await fourth.AnswerAllAsync()));

        Assert.Equal("Check your email", sent.Heading);
        Assert.Equal(
            3,
            await Server.InDatabaseAsync(db =>
                db.Outbox.CountAsync(m => m.Kind == nameof(RecoveryMessage.ProveAddress))
            )
        );
    }
}
