using System.Net;
using Recovery;
using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>The page about cookies says what the server does.</summary>
public sealed class CookiesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_page_lists_every_cookie_that_the_server_sets_and_when_it_expires(bool https)
    {
        await using var server = await AuthServerFixture.StartAsync(
            https: https,
            settings: new Dictionary<string, string?> { ["Demo"] = "true" }
        );

        var set = await EveryCookieAsync(server);

        using var visitor = server.NewBrowser();
        var listed = (await visitor.GetAsync("/cookies"))
            .Ok()
            .All("tbody tr")
            .ToDictionary(
                row => row.QuerySelector("td:nth-child(1) code")!.TextContent,
                row => row.QuerySelector("td:nth-child(3)")!.LastChild!.TextContent.Trim()
            );
        Assert.Equal(
            set.OrderBy(cookie => cookie.Key, StringComparer.Ordinal),
            listed.OrderBy(cookie => cookie.Key, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_cookie_of_the_demo_is_listed_only_where_the_demo_is()
    {
        await using var server = await AuthServerFixture.StartAsync();
        using var browser = server.NewBrowser();

        var page = (await browser.GetAsync("/cookies")).Ok();

        Assert.DoesNotContain("demo", page.One("table").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Cookies_are_set_in_these_files_alone_so_a_new_one_is_noticed_here()
    {
        string[] files =
        [
            .. Directory
                .EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
                .Where(file =>
                    !file.Contains("/obj/", StringComparison.Ordinal)
                    && !file.Contains("/bin/", StringComparison.Ordinal)
                )
                .Where(file =>
                    File.ReadAllText(file) is var text
                    && (
                        text.Contains("Cookies.Append(", StringComparison.Ordinal)
                        || text.Contains("ookie.Name =", StringComparison.Ordinal)
                        || text.Contains("SetCookie =", StringComparison.Ordinal)
                        || text.Contains("TempData", StringComparison.Ordinal)
                    )
                )
                .Select(Path.GetFileNameWithoutExtension)
                .OfType<string>()
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(
            [
                "DemoVisits",
                "DraftCookie",
                "KnownBrowsers",
                "PagesModule",
                "RecentHints",
                "RememberedUsername",
                "SessionCookie",
            ],
            files
        );
    }

    /// <summary>
    /// Goes everywhere that sets a cookie: a refused log-in, a log-in that is remembered, a support case, the demo.
    /// </summary>
    private static async Task<Dictionary<string, string>> EveryCookieAsync(AuthServerFixture server)
    {
        var person = await server.Given.AccountAsync();
        using var claimant = new Claimant(server);
        await claimant.BeginAsync();
        using var refused = server.NewBrowser();
        await refused.LogInAsync(await refused.GetAsync("/log-in"), person.Username, "not my password");
        using var browser = server.NewBrowser();
        await browser.OpenAsync("/demo/start");
        await browser.SubmitAsync(
            await browser.GetAsync("/log-in"),
            new Dictionary<string, string>
            {
                ["Username"] = person.Username,
                ["Password"] = person.Password,
                ["RememberUsername"] = "true",
            }
        );

        return new[] { claimant.Browser, refused, browser }
            .SelectMany(each => each.Cookies)
            .DistinctBy(cookie => cookie.Name)
            .ToDictionary(cookie => cookie.Name, Expires);
    }

    private static string Expires(Cookie cookie)
    {
        if (cookie.Expires == DateTime.MinValue)
        {
            return "When you close your browser";
        }

        var lifetime = TimeSpan.FromMinutes(Math.Round((cookie.Expires - cookie.TimeStamp).TotalMinutes));
        return $"After {(lifetime == TimeSpan.FromDays(365) ? "1 year" : Words.Duration(lifetime))}";
    }
}
