using System.Net;
using AuthServer.Clients;
using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>The log-in page, as a browser without JavaScript uses it.</summary>
public sealed class LogInTests : IAsyncLifetime
{
    private static readonly ClientMetadata Metadata = new()
    {
        ClientName = "Portfolio",
        ClientUri = "https://app.example.test/home",
        InitiateLoginUri = "https://app.example.test/start?tenant=1",
        LogoUri = "https://pictures.example.test/logo.png?size=2",
        PolicyUri = "https://app.example.test/privacy",
        TosUri = "https://app.example.test/terms",
        RedirectUris = [Given.RedirectUri],
    };

    private AuthServerFixture _server = null!;
    private RelyingParty _app = null!;
    private TestBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        _server = await AuthServerFixture.StartAsync(new FixedClock("2026-01-31T09:00:00Z"));
        _app = await _server.Given.RelyingPartyAsync(Metadata);
        _browser = _server.NewBrowser();
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    [Trait("spec", "RFC 9700 4.12")]
    public async Task The_answer_to_the_password_is_a_303_so_that_it_is_sent_nowhere_else()
    {
        var person = await _server.Given.AccountAsync();
        var page = await _browser.GetAsync("/log-in");

        var answer = await _browser.SubmitAsync(page, Typed(person.Username, person.Password));

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal($"{_server.Issuer}/account", answer.Location?.AbsoluteUri);
    }

    [Fact]
    [Trait("oidc", "R9")]
    public async Task The_app_is_shown_with_its_name_logo_policy_and_terms()
    {
        var page = (await _browser.OpenAsync(_app.Authorize().Url)).Ok();

        Assert.Equal("Log in to Portfolio", page.Heading);
        Assert.Equal($"/app-logo/{_app.Client.ClientId}", page.One("main img").GetAttribute("src"));
        Assert.NotNull(page.One($"main a[href='{Metadata.PolicyUri}']"));
        Assert.NotNull(page.One($"main a[href='{Metadata.TosUri}']"));
        Assert.Contains("img-src 'self';", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_no_web_address_is_not_shown()
    {
        var odd = await _server.Given.RelyingPartyAsync(
            Metadata with
            {
                LogoUri = "data:image/png;base64,AAAA",
                PolicyUri = "javascript:alert(1)",
                TosUri = null,
            }
        );

        var page = (await _browser.OpenAsync(odd.Authorize().Url)).Ok();

        Assert.Empty(page.All("main img"));
        Assert.DoesNotContain("javascript:", page.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("oidc", "A10")]
    public async Task The_login_hint_fills_in_the_username()
    {
        var attempt = _app.Authorize(more: new Dictionary<string, string?> { ["login_hint"] = "o'brien4821" });

        var page = await _browser.OpenAsync(attempt.Url);

        Assert.Equal("o'brien4821", page.One("#Username").GetAttribute("value"));
    }

    [Fact]
    public async Task The_fields_are_what_phones_and_password_managers_need()
    {
        var page = (await _browser.GetAsync("/log-in")).Ok();

        var username = page.One("input[name=Username]");
        Assert.Equal(
            ("text", "username", "none", "false", "off"),
            (
                username.GetAttribute("type"),
                username.GetAttribute("autocomplete"),
                username.GetAttribute("autocapitalize"),
                username.GetAttribute("spellcheck"),
                username.GetAttribute("autocorrect")
            )
        );
        var password = page.One("input[name=Password]");
        Assert.Equal(
            ("password", "current-password", "none", "false", "off"),
            (
                password.GetAttribute("type"),
                password.GetAttribute("autocomplete"),
                password.GetAttribute("autocapitalize"),
                password.GetAttribute("spellcheck"),
                password.GetAttribute("autocorrect")
            )
        );
        Assert.False(password.HasAttribute("maxlength"));
        Assert.NotNull(page.One("main a[href='/forgotten-login-details']"));
        Assert.NotNull(page.One("main a[href='/help/unable-to-log-in']"));
    }

    [Fact]
    public async Task Empty_fields_are_named_in_their_order_and_lead_to_themselves()
    {
        var page = await _browser.SubmitAsync(await _browser.GetAsync("/log-in"));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("Error: Log in – NHS ePortfolios", page.Document.Title);
        Assert.Equal(
            [("#Username", "Enter your username or email address"), ("#Password", "Enter your password")],
            page.All(".nhsuk-error-summary a").Select(link => (link.GetAttribute("href")!, link.TextContent))
        );
        Assert.Contains(
            "Username-error",
            page.One("#Username").GetAttribute("aria-describedby"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_wrong_password_and_the_unknown_person_get_the_same_page()
    {
        await _server.Given.AccountAsync("known4821");
        var wrong = await FailAsync("known4821", "not my password");
        var unknown = await FailAsync("nobody4821", "not my password");

        Assert.Equal(HttpStatusCode.OK, wrong.Status);
        Assert.Equal(wrong.One("main").TextContent, unknown.One("main").TextContent);
        Assert.Contains(
            "Your username or password is incorrect",
            wrong.One(".nhsuk-error-summary").TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal("known4821", wrong.One("#Username").GetAttribute("value"));
        Assert.Null(wrong.One("#Password").GetAttribute("value"));
    }

    [Theory]
    [InlineData("smith4821", "PASSWORD IS LONG", "caps lock")]
    [InlineData("smith4821", "pASSWORD IS LONG", "caps lock")]
    [InlineData("smith4821", "password @ home", "different keys on different keyboards")]
    [InlineData("smith4821", "password is long.", "full stop")]
    [InlineData("smith4821", "smith4821", "each is in its own box")]
    [InlineData("smith@example.org", "password is long", "Use your username")]
    [InlineData("smith@example", "password is long", "An email address has an @, and a dot")]
    [InlineData("smith4821", "Password is long ", "Check your username and password. Passwords are case sensitive")]
    [InlineData("smith4821", "it’s a password", "we can email you your username")]
    [InlineData("smith", "password is long", "4 numbers")]
    public async Task A_likely_slip_is_pointed_out(string username, string password, string words)
    {
        var page = await FailAsync(username, password);

        Assert.Contains(words, page.One(".nhsuk-inset-text").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_five_failures_help_comes_first_and_then_a_wait_is_asked_for_with_a_reset_as_the_way_out()
    {
        Page page = null!;
        for (var i = 0; i < 5; i++)
        {
            page = await FailAsync("nobody4821", "not my password");
        }

        var html = page.One("main").InnerHtml;
        Assert.True(
            html.IndexOf("forgotten my username or password", StringComparison.Ordinal)
                < html.IndexOf("<form", StringComparison.Ordinal)
        );

        await FailAsync("nobody4821", "not my password");
        page = await FailAsync("nobody4821", "not my password");

        Assert.Equal(HttpStatusCode.TooManyRequests, page.Status);
        Assert.Equal(("Log in", "Error: Log in – NHS ePortfolios"), (page.Heading, page.Document.Title));
        Assert.Contains("Wait 1 second, then", page.One(".nhsuk-error-summary").TextContent, StringComparison.Ordinal);
        Assert.Equal("nobody4821", page.One("#Username").GetAttribute("value"));
        Assert.StartsWith(
            "/forgotten-login-details",
            page.All("main .nhsuk-warning-callout a")[0].GetAttribute("href"),
            StringComparison.Ordinal
        );
        Assert.Equal("1", page.Headers["Retry-After"]);
    }

    [Fact]
    public async Task A_wait_of_ten_seconds_or_more_is_a_page_and_the_username_is_carried_back_to_the_form()
    {
        await using var strict = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["Limits:LogIn:FirstDelay"] = "00:00:30",
                ["Limits:LogIn:FreeFailures"] = "1",
            }
        );
        using var browser = strict.NewBrowser();
        var form = await browser.GetAsync("/log-in?returnUrl=%2Faccount%3Ftab%3D1");
        for (var i = 0; i < 2; i++)
        {
            await browser.SubmitAsync(form, Typed("o\u2019brien4821", "not my password"));
        }

        var page = await browser.SubmitAsync(form, Typed("o\u2019brien4821", "not my password"));
        var again = (
            await browser.GetAsync(page.All("main a").Single(a => a.TextContent == "try again").GetAttribute("href")!)
        ).Ok();

        Assert.Equal("Too many attempts", page.Heading);
        Assert.Equal("Reset my password", page.One("main a.nhsuk-button").TextContent);
        Assert.Equal("o\u2019brien4821", again.One("#Username").GetAttribute("value"));
        Assert.Equal("/account?tab=1", again.One("input[name=ReturnUrl]").GetAttribute("value"));
        Assert.DoesNotContain("brien4821", again.Url.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remembered_username_is_there_the_next_time_and_gone_when_it_is_no_longer_wanted()
    {
        var person = await _server.Given.AccountAsync("d’arcy4821");
        var typed = new Dictionary<string, string>(Typed("D’Arcy4821", person.Password))
        {
            ["RememberUsername"] = "true",
        };
        await _browser.SubmitAsync(await _browser.GetAsync("/log-in"), typed);
        var logOut = await _browser.GetAsync("/log-out");
        await _browser.SubmitAsync(logOut);

        var page = await _browser.GetAsync("/log-in");

        Assert.Equal("D’Arcy4821", page.One("#Username").GetAttribute("value"));
        Assert.True(page.One("#RememberUsername").HasAttribute("checked"));

        page.One("#RememberUsername").RemoveAttribute("checked");
        await _browser.LogInAsync(page, person.Username, person.Password);
        await _browser.SubmitAsync(await _browser.GetAsync("/log-out"));
        Assert.Equal("", (await _browser.GetAsync("/log-in")).One("#Username").GetAttribute("value") ?? "");
    }

    private async Task<Page> FailAsync(string username, string password) =>
        await _browser.SubmitAsync(await _browser.GetAsync("/log-in"), Typed(username, password));

    private static Dictionary<string, string> Typed(string username, string password) =>
        new() { ["Username"] = username, ["Password"] = password };
}
