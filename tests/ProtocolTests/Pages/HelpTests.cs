using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>
/// The help pages: what they say to everybody, and what they say to somebody who has just failed to log in.
/// </summary>
public sealed class HelpTests : IAsyncLifetime
{
    private const string Help = "/help/unable-to-log-in";

    private AuthServerFixture _server = null!;
    private TestBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        _server = await AuthServerFixture.StartAsync(new FixedClock());
        _browser = _server.NewBrowser();
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Every_entry_of_the_contents_leads_to_its_point_and_nothing_between_the_points_leads_back()
    {
        var page = (await _browser.GetAsync(Help)).Ok();

        var contents = page.All("nav[aria-label='On this page'] a");
        Assert.Equal(page.All("main h2[id]").Select(h => $"#{h.Id}"), contents.Select(a => a.GetAttribute("href")));
        Assert.Equal(page.All("main h2[id]").Select(h => h.TextContent), contents.Select(a => a.TextContent));
        Assert.DoesNotContain("Back to top", page.Text, StringComparison.Ordinal);
        Assert.Equal("/log-in", page.One("main .nhsuk-back-link").GetAttribute("href"));
    }

    [Fact]
    public async Task A_person_who_has_not_failed_to_log_in_is_told_nothing_about_an_attempt()
    {
        var page = (await _browser.GetAsync(Help)).Ok();

        Assert.Empty(page.All("#last-attempt"));
        Assert.DoesNotContain("Check this", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smith4821", "PASSWORD OF MINE", new[] { "capitals" })]
    [InlineData("smith4821", "p@ssword of mine", new[] { "other-keyboards" })]
    [InlineData("o\u2019brien4821 ", "Password of mine ", new string[0])]
    [InlineData("smith", "PASSWORD OF MINE.", new[] { "capitals", "keyboards", "username" })]
    [InlineData("smith4821", "password of mine", new string[0])]
    public async Task After_a_failed_log_in_the_points_that_matter_are_marked(
        string username,
        string password,
        string[] points
    )
    {
        await FailAsync(username, password);

        var page = (await _browser.GetAsync(Help)).Ok();

        Assert.Equal(points, page.All("#last-attempt a[href^='#']").Select(a => a.GetAttribute("href")?[1..]).Order());
        Assert.Equal(
            points,
            page.All("main .nhsuk-tag").Select(tag => tag.ParentElement?.PreviousElementSibling?.Id).Order()
        );
    }

    [Fact]
    public async Task What_is_remembered_of_a_failed_log_in_is_the_same_whether_or_not_the_account_exists()
    {
        await _server.Given.AccountAsync("smith4821");
        using var other = _server.NewBrowser();

        var known = await FailAsync("smith4821", "WRONG PASSWORD ");
        var unknown = await FailAsync("smith4822", "WRONG PASSWORD ", other);

        Assert.Equal(Shape(unknown), Shape(known));
        Assert.Equal((await other.GetAsync(Help)).Text, (await _browser.GetAsync(Help)).Text);
    }

    [Fact]
    public async Task The_cookie_is_sealed_as_long_as_any_other_and_sent_to_the_help_pages_alone()
    {
        var none = await FailAsync("smith4821", "password of mine");
        var many = await FailAsync("smith", "PASSWORD ");

        Assert.Equal(Shape(none), Shape(many));
        Assert.Contains("path=/help;", Shape(many), StringComparison.Ordinal);
        Assert.Contains("httponly", Shape(many), StringComparison.Ordinal);
        Assert.Contains("max-age=600", Shape(many), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_minutes_later_the_attempt_is_forgotten()
    {
        await FailAsync("smith4821", "PASSWORD OF MINE");
        _server.Clock.Advance(TimeSpan.FromMinutes(10));

        var page = (await _browser.GetAsync(Help)).Ok();

        Assert.Empty(page.All("#last-attempt"));
    }

    [Fact]
    public async Task A_log_in_that_works_takes_the_hints_away()
    {
        var person = await _server.Given.AccountAsync("smith4821");
        await FailAsync("smith4821", "WRONG PASSWORD");
        await _browser.LogInAsync(await _browser.GetAsync("/log-in"), person.Username, person.Password);

        var page = (await _browser.GetAsync(Help)).Ok();

        Assert.Empty(page.All("#last-attempt"));
    }

    [Fact]
    public async Task A_cookie_that_was_not_sealed_here_says_nothing()
    {
        _browser.Keep(new System.Net.Cookie("log-in-hints", "AAAAAAAAAAAAAAAAAAAAAAAA", "/help"));

        var page = (await _browser.GetAsync(Help)).Ok();

        Assert.Empty(page.All("#last-attempt"));
    }

    [Theory]
    [InlineData("a GMC, NMC, NTN or College number", "GMC, NMC, NTN or College number")]
    [InlineData("every earlier address", "every one you had before")]
    [InlineData("the username", "your username, if you remember it")]
    [InlineData("a trainee's last post", "your last post")]
    [InlineData("a supervisor's trainees", "who you have supervised")]
    [InlineData(
        "the username is often not the address",
        "Your username may not be your email address. It is often your surname and 4 numbers"
    )]
    [InlineData("a password is case sensitive", "Capital letters matter in a password")]
    [InlineData("phones capitalise", "Phones and tablets often put a capital at the start by themselves")]
    [InlineData("curly apostrophes", "An iPhone or iPad types a curly apostrophe")]
    [InlineData("the tool does not know the address", "We do not know your email address")]
    public async Task Every_point_of_the_page_that_it_replaces_is_covered(string point, string words)
    {
        Assert.True((await _browser.GetAsync(Help)).Text.Contains(words, StringComparison.Ordinal), point);
    }

    [Fact]
    public async Task The_contact_page_leads_to_the_forgotten_details_tool_first_and_to_a_case_second()
    {
        var page = (await _browser.GetAsync("/help/contact-support?ticket=t")).Ok();

        Assert.Equal(
            ["/forgotten-login-details?ticket=t", "/support-case?ticket=t"],
            page.All("main a[role=button]").Select(a => a.GetAttribute("href"))
        );
        Assert.DoesNotContain("Other ways", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_can_offer_other_ways_to_reach_the_team()
    {
        await using var server = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["Help:Email"] = "support@example.nhs.test",
                ["Help:Telephone"] = "0300 123 4567",
                ["Help:Hours"] = "Monday to Friday, 9am to 5pm",
            }
        );
        using var browser = server.NewBrowser();

        var page = (await browser.GetAsync("/help/contact-support")).Ok();

        Assert.NotNull(page.One("main a[href='mailto:support@example.nhs.test']"));
        Assert.NotNull(page.One("main a[href='tel:03001234567']"));
        Assert.Contains("Monday to Friday, 9am to 5pm", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/log-in")]
    [InlineData("/forgotten-login-details")]
    [InlineData("/help/unable-to-log-in")]
    [InlineData("/help/contact-support")]
    [InlineData("/accessibility-statement")]
    [InlineData("/cookies")]
    [InlineData("/privacy")]
    [InlineData("/log-out/done")]
    [InlineData("/not-here")]
    [Trait("spec", "WCAG 2.2 3.2.6")]
    public async Task Help_is_in_the_same_place_on_every_page(string path)
    {
        var page = await _browser.OpenAsync(path);

        Assert.Equal(
            [
                "/help/unable-to-log-in",
                "/forgotten-login-details",
                "/help/contact-support",
                "/accessibility-statement",
                "/cookies",
                "/privacy",
            ],
            page.All("footer ul a").Select(a => a.GetAttribute("href"))
        );
    }

    [Theory]
    [InlineData("/log-in")]
    [InlineData("/forgotten-login-details")]
    [InlineData("/forgotten-login-details/username")]
    [InlineData("/forgotten-login-details/sent")]
    [InlineData("/help/unable-to-log-in")]
    [InlineData("/help/contact-support")]
    [InlineData("/accessibility-statement")]
    [InlineData("/cookies")]
    [InlineData("/privacy")]
    public async Task Help_does_not_lose_the_way_back_to_the_app(string path)
    {
        var app = await _server.Given.RelyingPartyAsync();
        var ticket = (await _browser.OpenAsync(app.Authorize().Url))
            .One("main form input[name=Ticket]")
            .GetAttribute("value")!;

        var page = (await _browser.OpenAsync($"{path}?ticket={Uri.EscapeDataString(ticket)}")).Ok();

        Assert.All(
            page.All("footer ul a"),
            a =>
                Assert.EndsWith(
                    $"?ticket={Uri.EscapeDataString(ticket)}",
                    a.GetAttribute("href"),
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task How_long_a_link_works_is_what_the_operator_has_set()
    {
        await using var server = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?> { ["Recovery:ResetLinkLifetime"] = "00:30:00" }
        );
        using var browser = server.NewBrowser();

        var page = (await browser.GetAsync(Help)).Ok();

        Assert.Contains(
            "A link to choose a new password works once and for 30 minutes.",
            page.Text,
            StringComparison.Ordinal
        );
    }

    private async Task<Page> FailAsync(string username, string password, TestBrowser? browser = null)
    {
        browser ??= _browser;
        return await browser.LogInAsync(await browser.GetAsync("/log-in"), username, password);
    }

    /// <summary>The cookie with its sealed value blotted out letter for letter.</summary>
    private static string Shape(Page page)
    {
        var cookie = page.Headers["Set-Cookie"].ToLowerInvariant();
        var (start, end) = (cookie.IndexOf("log-in-hints=", StringComparison.Ordinal) + "log-in-hints=".Length, 0);
        end = cookie.IndexOf(';', start);
        return cookie[..start] + new string('x', end - start) + cookie[end..];
    }
}
