using System.Net;
using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>What the organisation that runs the service has to publish: on our pages or on its own.</summary>
public sealed class PoliciesTests
{
    [Theory]
    [InlineData("/privacy", "Privacy policy")]
    [InlineData("/accessibility-statement", "Accessibility statement")]
    public async Task Until_the_operator_completes_it_the_page_says_what_is_true_of_the_program_and_that_it_is_not_complete(
        string path,
        string heading
    )
    {
        await using var server = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?> { ["Policies:Organisation"] = "Example NHS Trust" }
        );
        using var browser = server.NewBrowser();

        var page = (await browser.GetAsync(path)).Ok();

        Assert.Equal(heading, page.Heading);
        Assert.Contains(
            "Example NHS Trust has not yet added its own details",
            page.One(".nhsuk-inset-text").TextContent,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Policies:Privacy", "/privacy", "Privacy policy")]
    [InlineData("Policies:Accessibility", "/accessibility-statement", "Accessibility statement")]
    public async Task An_operators_own_text_takes_its_place(string setting, string path, string heading)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder.File("policy.html"),
            "<p id=\"own\">We are Example NHS Trust – write to us.</p>"
        );
        await using var server = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?> { [setting] = folder.File("policy.html") }
        );
        using var browser = server.NewBrowser();

        var page = (await browser.GetAsync(path)).Ok();

        Assert.Equal(heading, page.Heading);
        Assert.Equal("We are Example NHS Trust – write to us.", page.One("main #own").TextContent);
        Assert.Empty(page.All(".nhsuk-inset-text"));
    }

    [Theory]
    [InlineData("Policies:Privacy", "/privacy", "Privacy policy")]
    [InlineData("Policies:Accessibility", "/accessibility-statement", "Accessibility statement")]
    public async Task An_address_of_the_operators_is_linked_to_and_never_gets_the_ticket(
        string setting,
        string path,
        string text
    )
    {
        const string Address = "https://www.example.nhs.test/policy";
        await using var server = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?> { [setting] = Address }
        );
        using var browser = server.NewBrowser();

        var link = (await browser.GetAsync("/help/contact-support?ticket=t"))
            .Ok()
            .All("footer a")
            .Single(a => a.TextContent == text);
        var moved = await browser.GetAsync(path + "?ticket=t");

        Assert.Equal(Address, link.GetAttribute("href"));
        Assert.Equal((HttpStatusCode.Redirect, Address), (moved.Status, moved.Location?.AbsoluteUri));
    }
}
