using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TestSupport;
using TestSupport.Browser;

namespace BrowserTests;

/// <summary>
/// The claimant's pages of a support case, each in its turn: on a desk and in the hand, with and without JavaScript.
/// </summary>
public sealed class SupportCaseTests(Site site) : IClassFixture<Site>
{
    [Theory]
    [InlineData(Device.Desktop, true)]
    [InlineData(Device.Phone, true)]
    [InlineData(Device.Phone, false)]
    public async Task A_person_whose_address_nobody_knows_walks_through_every_page(Device device, bool javaScript)
    {
        var held = $"held{site.NextNumber()}@example.nhs.test";
        var mine = $"new{site.NextNumber()}@example.test";
        var account = await site.Server.Given.AccountAsync(more: account =>
            (account.Email, account.EmailVerified) = (held, true)
        );
        await using var visitor = await site.ArriveAsync(device, javaScript);
        await using var other = await site.ArriveAsync(device, javaScript);
        var (page, stranger) = (visitor.Page, other.Page);

        await page.GotoAsync(site.Server.Issuer + "/support-case");
        await LookAsync(visitor, "start", device, javaScript);
        await page.ClickAsync("main >> text=Start now");
        await page.FillAsync("#Email", "not an address");
        await page.ClickAsync("main form button");
        await LookAsync(visitor, "email-error", device, javaScript);
        await page.FillAsync("#Email", mine);
        await page.ClickAsync("main form button");
        await LookAsync(visitor, "tasks", device, javaScript);
        await page.ClickAsync("main >> text=Start with your name");
        await page.ClickAsync("main >> text=Save and continue");
        await LookAsync(visitor, "name-error", device, javaScript);
        foreach (var (path, answers) in Claimant.Answers)
        {
            Assert.Equal(site.Server.Issuer + path, page.Url);
            foreach (var (field, answer) in answers)
            {
                await page.FillAsync("#" + field, answer);
            }

            await LookAsync(visitor, path[(path.LastIndexOf('/') + 1)..], device, javaScript);
            await page.ClickAsync("main >> text=Save and continue");
        }

        await LookAsync(visitor, "check", device, javaScript);
        await page.ClickAsync("main >> text=Come back later");
        await LookAsync(visitor, "saved", device, javaScript);
        await page.ClickAsync("main >> text=Remove it from this browser");

        await stranger.GotoAsync(site.Server.Issuer + await site.Server.PathInMailAsync(mine, "/support-case/resume/"));
        await LookAsync(other, "resume", device, javaScript);
        await stranger.ClickAsync("main form button");
        await LookAsync(other, "tasks-done", device, javaScript);
        await stranger.ClickAsync("main >> text=Check your answers");
        await stranger.ClickAsync("main button:text-is('Send')");
        await LookAsync(other, "check-your-email", device, javaScript);
        await page.GotoAsync(site.Server.Issuer + await site.Server.PathInMailAsync(mine, "/support-case/confirm/"));
        await LookAsync(visitor, "confirm", device, javaScript);
        var confirm = page.Url;
        await page.ClickAsync("main form button");
        await LookAsync(visitor, "status-open", device, javaScript);
        var status = page.Url;
        await stranger.GotoAsync(confirm);
        await LookAsync(other, "confirm-used", device, javaScript);

        var stored = await site.Server.CaseOfAsync(mine);
        await page.GotoAsync(
            site.Server.Issuer
                + await site.Server.AskAsync(stored.Id, "Who was your supervisor in 2023?\nAnd in which hospital?")
        );
        await page.ClickAsync("main form button");
        await LookAsync(visitor, "answer-error", device, javaScript);
        await page.FillAsync("#Answer", "Dr Patel, at the Royal.");
        await page.ClickAsync("main form button");
        await LookAsync(visitor, "answer-taken", device, javaScript);

        await site.Server.ApproveAsync(stored.Id, account.Id);
        await page.GotoAsync(status);
        await LookAsync(visitor, "status-approved", device, javaScript);
        await stranger.GotoAsync(site.Server.Issuer + await site.Server.PathInMailAsync(held, "/support-case/stop/"));
        await LookAsync(other, "stop", device, javaScript, "Stop somebody getting into your account");
        await stranger.ClickAsync("main form button");
        await LookAsync(other, "stopped", device, javaScript, "Stopped");
        await page.GotoAsync(status);
        await LookAsync(visitor, "status-stopped", device, javaScript);

        // The same for a notice that is read late: before, and after, somebody has chosen a password.
        await site.Server.ReopenAsync(stored.Id);
        site.Server.Clock.Advance(TimeSpan.FromMinutes(1)); // the newest mail is found by its time
        await site.Server.ApproveAsync(stored.Id, account.Id);
        site.Server.Clock.Advance(TimeSpan.FromHours(24));
        await site.Server.ReleaseDueAsync();
        await stranger.GotoAsync(site.Server.Issuer + await site.Server.PathInMailAsync(held, "/support-case/stop/"));
        await LookAsync(other, "stop-sent", device, javaScript, "Stop somebody getting into your account");
        await stranger.ClickAsync("main form button");
        await LookAsync(other, "stopped-late", device, javaScript, "Stopped");
        await site.Server.ReopenAsync(stored.Id);
        site.Server.Clock.Advance(TimeSpan.FromMinutes(1)); // the newest mail is found by its time
        await site.Server.ApproveAsync(stored.Id, account.Id);
        site.Server.Clock.Advance(TimeSpan.FromHours(24));
        await site.Server.ReleaseDueAsync();
        await page.GotoAsync(site.Server.Issuer + await site.Server.PathInMailAsync(mine, "/reset-password/"));
        await page.FillAsync("#NewPassword", Forgotten.NewPassword);
        site.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await page.ClickAsync("main form button[type=submit] >> nth=0");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/reset-password/done"));
        await stranger.GotoAsync(site.Server.Issuer + await site.Server.PathInMailAsync(held, "/support-case/stop/"));
        await stranger.ClickAsync("main form button");
        await LookAsync(other, "stop-too-late", device, javaScript, "It is too late to stop this here");
        await page.GotoAsync(site.Server.Issuer + "/support-case/status/cut-short");
        await LookAsync(visitor, "dead-link", device, javaScript);
    }

    private static async Task LookAsync(
        Visitor visitor,
        string name,
        Device device,
        bool javaScript,
        string? heading = null
    )
    {
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveCountAsync(1);
        if (heading is not null)
        {
            await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync(heading);
        }

        await visitor.Page.AssertTitledAsync();

        if (!javaScript)
        {
            return; // axe is a script, and the pictures would be the same
        }

        // Its scripts have run.
        await Assertions.Expect(visitor.Page.Locator("body.nhsuk-frontend-supported")).ToBeVisibleAsync();
        await visitor.PictureAsync($"support-case-{name}-{device}");
        Assert.True(
            await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")
                <= visitor.Page.ViewportSize?.Width,
            $"The page {name} is wider than the screen."
        );
        await visitor.Page.AssertAccessibleAsync();
    }
}
