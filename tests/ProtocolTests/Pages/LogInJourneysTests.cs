using System.Net;
using AuthServer.Clients;
using AuthServer.Protocol.Authorize;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>
/// Where people come to the log-in page from and where they go on to, also when the way has gone stale.
/// </summary>
public sealed class LogInJourneysTests : IAsyncLifetime
{
    private static readonly ClientMetadata Metadata = new()
    {
        ClientName = "Portfolio",
        InitiateLoginUri = "https://app.example.test/start?tenant=1",
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
    public async Task A_person_who_comes_from_an_app_goes_back_to_it_with_a_code()
    {
        var person = await _server.Given.AccountAsync("o'brien4821");
        var attempt = _app.Authorize();

        var end = await _browser.LogInAsync(await _browser.OpenAsync(attempt.Url), person.Username, person.Password);

        Assert.NotEmpty(_app.Callback(end, attempt)["code"]);
    }

    [Fact]
    public async Task An_expired_ticket_says_so_leads_back_and_still_lets_the_person_log_in()
    {
        var person = await _server.Given.AccountAsync();
        var ticket = Seal(_server.Now - TimeSpan.FromHours(2));
        var start = $"https://app.example.test/start?tenant=1&iss={Uri.EscapeDataString(_server.Issuer)}";

        var page = (await _browser.GetAsync($"/log-in?ticket={ticket}")).Ok();
        var answer = await _browser.SubmitAsync(page, Typed(person.Username, person.Password));

        Assert.Contains("more than an hour", page.Text, StringComparison.Ordinal);
        Assert.Equal(start, page.One("main .nhsuk-inset-text a").GetAttribute("href"));
        Assert.Equal(start, answer.Location?.AbsoluteUri);
    }

    [Fact]
    public async Task A_page_that_was_left_open_says_that_the_way_to_an_app_without_an_address_is_not_known()
    {
        var nowhere = await _server.Given.RelyingPartyAsync(
            Metadata with
            {
                ClientName = "Logbook",
                InitiateLoginUri = null,
            }
        );
        var person = await _server.Given.AccountAsync();
        var page = await _browser.OpenAsync(nowhere.Authorize().Url);
        _server.Clock.Advance(TimeSpan.FromHours(1));

        var again = (await _browser.GetAsync(page.Url.AbsoluteUri)).Ok();
        var end = await _browser.LogInAsync(page, person.Username, person.Password);

        Assert.Contains(
            "Logbook has not told us its web address",
            again.One("main .nhsuk-inset-text").TextContent,
            StringComparison.Ordinal
        );
        Assert.Contains("open Logbook again", again.Text, StringComparison.Ordinal);
        Assert.Equal("Your account", end.Heading);
        Assert.Contains("Open Logbook again.", end.One("main .nhsuk-inset-text").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_ticket_says_so_and_still_lets_the_person_log_in()
    {
        var person = await _server.Given.AccountAsync();

        var page = (await _browser.GetAsync($"/log-in?ticket={Seal(_server.Now)[..40]}")).Ok();
        var end = await _browser.LogInAsync(page, person.Username, person.Password);

        Assert.Contains("not complete", page.Text, StringComparison.Ordinal);
        Assert.Equal("Your account", end.Heading);
    }

    [Theory]
    [InlineData("/account?tab=1", "/account?tab=1")]
    [InlineData("https://elsewhere.example/", "/account")]
    [InlineData("//elsewhere.example/", "/account")]
    [InlineData("/\\elsewhere.example/", "/account")]
    [InlineData("account", "/account")]
    public async Task Only_a_path_of_this_server_is_returned_to(string returnUrl, string expected)
    {
        var person = await _server.Given.AccountAsync();

        var page = await _browser.GetAsync($"/log-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
        var answer = await _browser.SubmitAsync(page, Typed(person.Username, person.Password));

        Assert.Equal(_server.Issuer + expected, answer.Location?.AbsoluteUri);
    }

    [Fact]
    public async Task Logging_in_from_an_old_bookmark_leads_to_the_account_page()
    {
        using var browser = await _server.Given.LoggedInAsync(await _server.Given.AccountAsync());

        var page = await browser.OpenAsync("/log-in");

        Assert.Equal("Your account", page.Heading);
    }

    [Fact]
    public async Task A_second_tab_that_was_opened_before_the_log_in_still_works()
    {
        var person = await _server.Given.AccountAsync();
        var (first, second) = (_app.Authorize(), _app.Authorize());
        var (one, two) = (await _browser.OpenAsync(first.Url), await _browser.OpenAsync(second.Url));

        Assert.NotEmpty(_app.Callback(await _browser.LogInAsync(one, person.Username, person.Password), first)["code"]);
        Assert.NotEmpty(
            _app.Callback(await _browser.LogInAsync(two, person.Username, person.Password), second)["code"]
        );
    }

    [Fact]
    public async Task A_form_without_our_cookie_is_answered_with_why_and_starts_the_same_journey_again()
    {
        var person = await _server.Given.AccountAsync();
        var page = await _browser.OpenAsync(_app.Authorize().Url);
        using var withoutCookies = _server.NewBrowser();

        var answer = await withoutCookies.SubmitAsync(page, Typed(person.Username, person.Password));
        var again = await withoutCookies.OpenAsync(answer.One("main a.nhsuk-button").GetAttribute("href")!);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("cookie", answer.Heading, StringComparison.Ordinal);
        Assert.DoesNotContain(person.Username, answer.Body, StringComparison.Ordinal);
        Assert.Equal("Log in to Portfolio", again.Heading);
    }

    [Fact]
    public async Task A_form_from_an_old_page_is_answered_with_why_and_starts_the_same_journey_again()
    {
        var page = await _browser.OpenAsync(_app.Authorize().Url);
        page.One("input[name=__RequestVerificationToken]").SetAttribute("value", "something old");

        var answer = await _browser.SubmitAsync(page, Typed("smith4821", "a password"));

        Assert.Equal("This page was out of date", answer.Heading);
        Assert.StartsWith(
            "/log-in?ticket=",
            answer.One("main a.nhsuk-button").GetAttribute("href"),
            StringComparison.Ordinal
        );
    }

    private string Seal(DateTimeOffset askedAt) =>
        _server
            .Services.GetRequiredService<AuthorizeTickets>()
            .Seal(new AuthorizeTicket(new Dictionary<string, string>(), askedAt, _app.Client.ClientId, null));

    private static Dictionary<string, string> Typed(string username, string password) =>
        new() { ["Username"] = username, ["Password"] = password };
}
