using System.Net;
using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>A person whose network sent too many requests is told so, and led back to where they were.</summary>
public sealed class FloodPageTests
{
    [Fact]
    public async Task A_flood_page_leads_back_to_the_page_and_the_journey_that_it_stands_in_the_place_of()
    {
        await using var strict = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["Limits:PerAddress:LogInsPerMinute"] = "1",
                ["Limits:PerAddress:PagesPerSecond"] = "10",
            }
        );
        var app = await strict.Given.RelyingPartyAsync();
        using var browser = strict.NewBrowser();
        var form = await browser.OpenAsync(app.Authorize().Url);
        var typed = new Dictionary<string, string> { ["Username"] = "smith4821", ["Password"] = "not my password" };
        await browser.SubmitAsync(form, typed);

        var flooded = await browser.SubmitAsync(form, typed);
        var again = await browser.GetAsync(
            flooded.All("main a").Single(a => a.TextContent == "Try again").GetAttribute("href")!
        );
        var pages = new List<Page>();
        for (var i = 0; i < 150; i++)
        {
            pages.Add(await browser.GetAsync("/help/contact-support?ticket=abc"));
        }

        Assert.Equal((HttpStatusCode.TooManyRequests, "Too many requests"), (flooded.Status, flooded.Heading));
        Assert.Equal("Log in to Portfolio", again.Ok().Heading);
        var help = pages.First(page => page.Status == HttpStatusCode.TooManyRequests);
        Assert.Equal("", help.All("main a").Single(a => a.TextContent == "Try again").GetAttribute("href"));
    }

    [Fact]
    public async Task A_flood_page_never_leads_to_another_server()
    {
        await using var strict = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?> { ["Limits:PerAddress:PagesPerSecond"] = "10" }
        );
        using var http = new HttpClient();
        var body = "";
        for (var i = 0; i < 150 && !body.Contains("Too many requests", StringComparison.Ordinal); i++)
        {
            using var nothing = new FormUrlEncodedContent([]);
            using var answer = await http.PostAsync($"{strict.Issuer}//elsewhere.example/x?ticket=abc", nothing);
            body = await answer.Content.ReadAsStringAsync();
        }

        Assert.Contains("Too many requests", body, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere.example", body, StringComparison.Ordinal);
    }
}
