using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace BrowserTests;

/// <summary>What axe finds wrong with a page: WCAG 2.2 A and AA, and axe's own best practices.</summary>
internal static class Accessibility
{
    /// <summary>Fails with each rule that is broken and the elements that break it.</summary>
    /// <param name="frames">False: not what is in frames, where a frame that runs no script would keep axe waiting.</param>
    public static async Task AssertAccessibleAsync(this IPage page, bool frames = true)
    {
        var result = await page.RunAxe(new AxeRunOptions { Iframes = frames });

        Assert.Empty(result.Violations.Select(violation =>
            $"{violation.Id} ({violation.Impact}): {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}"));
    }
}
