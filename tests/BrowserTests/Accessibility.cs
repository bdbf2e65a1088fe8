using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace BrowserTests;

/// <summary>What can be measured of a page's accessibility.</summary>
internal static class Accessibility
{
    private static readonly Dictionary<string, RuleOptions> Rules = new()
    {
        ["target-size"] = new RuleOptions { Enabled = true }, // WCAG 2.2 2.5.8, which axe leaves out unless asked
    };

    /// <summary>
    /// Fails with each rule that axe finds broken, WCAG 2.2 A and AA and its own best practices, and the elements that
    /// break it.
    /// </summary>
    /// <param name="frames">False: not what is in frames, where a frame that runs no script would keep axe
    /// waiting.</param>
    public static async Task AssertAccessibleAsync(this IPage page, bool frames = true)
    {
        var result = await page.RunAxe(new AxeRunOptions { Iframes = frames, Rules = Rules });

        Assert.Empty(
            result.Violations.Select(violation =>
                $"{violation.Id} ({violation.Impact}): {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"
            )
        );
    }

    /// <summary>
    /// Fails when a line has to be read by scrolling sideways: as the page is, with text twice as large (WCAG 2.2
    /// 1.4.4), and on a screen 320 pixels wide (1.4.10). The page is as it was afterwards.
    /// </summary>
    public static async Task AssertFitsAsync(this IPage page)
    {
        var size = page.ViewportSize ?? throw new InvalidOperationException("The browser has no window.");
        await AssertNarrowAsync(page, "on this screen");

        await page.EvaluateAsync("document.documentElement.style.fontSize = '200%'");
        await AssertNarrowAsync(page, "with text twice as large");
        await page.EvaluateAsync("document.documentElement.style.fontSize = ''");

        await page.SetViewportSizeAsync(320, size.Height);
        await AssertNarrowAsync(page, "on a screen 320 pixels wide");
        await page.SetViewportSizeAsync(size.Width, size.Height);
    }

    /// <summary>
    /// Fails when there is not one heading, or the title is not its text and the service's name, with "Error: " in front
    /// when there is an error summary.
    /// </summary>
    /// <param name="home">True on the home page, which is called what the service is.</param>
    public static async Task AssertTitledAsync(this IPage page, bool home = false)
    {
        var failed = await page.Locator(".nhsuk-error-summary").CountAsync() > 0;
        var heading = string.Join(
            ' ',
            Assert
                .Single(await page.Locator("h1").AllTextContentsAsync())
                .Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)
        );

        Assert.Equal(
            $"{(failed ? "Error: " : "")}{(home ? "" : heading + " \u2013 ")}NHS ePortfolios",
            await page.TitleAsync()
        );
    }

    private static async Task AssertNarrowAsync(IPage page, string how) =>
        Assert.True(
            await page.EvaluateAsync<bool>(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            ),
            $"The page is wider than the window {how}."
        );
}
