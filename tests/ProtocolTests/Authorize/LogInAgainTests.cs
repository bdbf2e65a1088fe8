using AuthServer.Protocol.Authorize;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Authorize;

/// <summary>When somebody has to log in, or to log in again, and how the request waits for it.</summary>
[Trait("spec", "OIDC Core 3.1.2.3")]
public sealed class LogInAgainTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private readonly AuthServerFixture server = clocked.Server;

    [Fact]
    [Trait("oidc", "A1")]
    public async Task Somebody_who_is_not_logged_in_goes_to_the_log_in_page_and_back_to_the_app()
    {
        var account = await server.Given.AccountAsync();
        using var browser = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["login_hint"] = "o’brien4821" });

        var ticket = (await browser.GetAsync(attempt.Url)).TicketFor("/log-in");
        var opened = server.Services.GetRequiredService<AuthorizeTickets>().Open(ticket)!;
        server.Clock.Advance(TimeSpan.FromMinutes(59));
        await server.Given.LoggedInAsync(account, browser);
        var tokens = await app.RedeemedAsync(
            app.CodeOf(await browser.GetAsync(ProtocolSteps.Back(ticket)), attempt),
            attempt
        );

        Assert.Equal(app.Client.ClientId, opened.Ticket.ClientId);
        Assert.Equal("o’brien4821", opened.Ticket.LoginHint);
        Assert.Equal(account.Id.ToString(), tokens.Claims.Subject);
    }

    [Fact]
    [Trait("oidc", "A1")]
    public async Task A_ticket_brought_back_without_logging_in_leads_to_the_log_in_page_again()
    {
        using var browser = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();
        var ticket = (await browser.GetAsync(app.Authorize().Url)).TicketFor("/log-in");

        Assert.NotEmpty((await browser.GetAsync(ProtocolSteps.Back(ticket))).TicketFor("/log-in"));
    }

    [Fact]
    [Trait("oidc", "A1")]
    public async Task A_ticket_older_than_an_hour_is_an_error_page()
    {
        using var browser = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();
        var ticket = (await browser.GetAsync(app.Authorize().Url)).TicketFor("/log-in");

        server.Clock.Advance(TimeSpan.FromMinutes(61));
        await server.Given.LoggedInAsync(await server.Given.AccountAsync(), browser);

        (await browser.GetAsync(ProtocolSteps.Back(ticket))).IsShown();
    }

    [Theory]
    [InlineData("A")]
    [InlineData("!")]
    [InlineData("%00")]
    [Trait("oidc", "A1")]
    public async Task A_ticket_that_was_tampered_with_is_an_error_page(string change)
    {
        using var browser = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();
        var ticket = (await browser.GetAsync(app.Authorize().Url)).TicketFor("/log-in");

        (await browser.GetAsync(ProtocolSteps.Back(ticket[..^20] + change + ticket[^20..]))).IsShown();
        (await browser.GetAsync(ProtocolSteps.Back(change + ticket))).IsShown();
        (await browser.GetAsync(ProtocolSteps.Back(ticket[..20]))).IsShown();
    }

    [Fact]
    [Trait("oidc", "X6")]
    public async Task A_long_request_fits_into_the_address_of_the_log_in_page()
    {
        using var stranger = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();
        using var browser = await server.NewPersonAsync();
        var hint = (await app.SignInAsync(browser)).IdToken;
        var attempt = app.Authorize(
            more: new Dictionary<string, string?>
            {
                ["state"] = Long(1000),
                ["nonce"] = Long(384),
                ["id_token_hint"] = hint,
            }
        );

        var page = await stranger.GetAsync(attempt.Url);
        var ticket = page.TicketFor("/log-in");

        Assert.InRange(page.Location!.AbsoluteUri.Length, 1000, 7500);
        Assert.NotEmpty((await stranger.GetAsync(ProtocolSteps.Back(ticket))).TicketFor("/log-in"));
    }

    [Theory]
    [InlineData("login")]
    [InlineData("select_account")]
    [Trait("oidc", "A8")]
    [Trait("spec", "OIDC Core 3.1.2.1")]
    public async Task The_prompt_makes_somebody_log_in_again_and_auth_time_moves(string prompt)
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        var first = await app.SignInAsync(browser);
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["prompt"] = prompt });

        var ticket = (await browser.GetAsync(attempt.Url)).TicketFor("/log-in");
        var unchanged = (await browser.GetAsync(ProtocolSteps.Back(ticket))).TicketFor("/log-in");
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        await server.Given.LoggedInAsync(account, browser);
        var second = await app.RedeemedAsync(
            app.CodeOf(await browser.GetAsync(ProtocolSteps.Back(unchanged)), attempt),
            attempt
        );

        Assert.Equal(
            4,
            second.Claims.GetPayloadValue<long>("auth_time") - first.Claims.GetPayloadValue<long>("auth_time")
        );
        Assert.Equal(first.Claims.GetPayloadValue<string>("sid"), second.Claims.GetPayloadValue<string>("sid"));
    }

    [Fact]
    [Trait("oidc", "A9")]
    [Trait("spec", "OIDC Core 3.1.2.1")]
    public async Task Max_age_makes_somebody_log_in_again_when_the_last_time_is_longer_ago()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(2));
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["max_age"] = "1" });

        var ticket = (await browser.GetAsync(attempt.Url)).TicketFor("/log-in");
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        await server.Given.LoggedInAsync(account, browser);
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        var tokens = await app.RedeemedAsync(
            app.CodeOf(await browser.GetAsync(ProtocolSteps.Back(ticket)), attempt),
            attempt
        );

        Assert.Equal(server.Now.AddSeconds(-30).ToUnixTimeSeconds(), tokens.Claims.GetPayloadValue<long>("auth_time"));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("15000")]
    [InlineData("9223372036854775807")]
    [Trait("oidc", "A9")]
    [Trait("spec", "OIDC Core 3.1.2.1")]
    public async Task A_max_age_that_has_not_passed_keeps_the_session_and_its_auth_time(string maxAge)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var loggedInAt = server.Now.ToUnixTimeSeconds();
        server.Clock.Advance(TimeSpan.FromSeconds(2));

        var tokens = await app.SignInAsync(browser, more: new Dictionary<string, string?> { ["max_age"] = maxAge });

        Assert.Equal(loggedInAt, tokens.Claims.GetPayloadValue<long>("auth_time"));
    }

    [Fact]
    [Trait("oidc", "A9")]
    [Trait("spec", "OIDC Core 3.1.2.1")]
    public async Task Max_age_zero_is_prompt_login_even_within_the_same_second()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["max_age"] = "0" });

        var ticket = (await browser.GetAsync(attempt.Url)).TicketFor("/log-in");
        server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await server.Given.LoggedInAsync(account, browser);

        Assert.NotEmpty(app.CodeOf(await browser.GetAsync(ProtocolSteps.Back(ticket)), attempt));
    }

    [Fact]
    [Trait("oidc", "A9")]
    [Trait("spec", "OIDC Registration 2")]
    public async Task A_registered_default_max_age_counts_when_the_request_has_none()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope with { DefaultMaxAge = 60 });
        await app.SignInAsync(browser);
        server.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.NotEmpty((await browser.GetAsync(app.Authorize().Url)).TicketFor("/log-in"));
        await app.SignInAsync(browser, more: new Dictionary<string, string?> { ["max_age"] = "100" });
    }

    [Fact]
    [Trait("oidc", "A7")]
    [Trait("spec", "OIDC Core 3.1.2.1")]
    public async Task Another_person_than_the_hint_names_gets_login_required_and_no_loop()
    {
        var (hinted, other) = (await server.Given.AccountAsync(), await server.Given.AccountAsync());
        using var first = await server.Given.LoggedInAsync(hinted);
        var app = await server.Given.RelyingPartyAsync();
        var hint = (await app.SignInAsync(first)).IdToken;
        using var browser = await server.Given.LoggedInAsync(other);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["id_token_hint"] = hint });

        var ticket = (await browser.GetAsync(attempt.Url)).TicketFor("/log-in");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await server.Given.LoggedInAsync(other, browser);
        var refused = app.ErrorOf(await browser.GetAsync(ProtocolSteps.Back(ticket)), attempt);
        await server.Given.LoggedInAsync(hinted, browser);
        var code = app.CodeOf(await browser.GetAsync(ProtocolSteps.Back(ticket)), attempt);

        Assert.Equal("login_required", refused);
        Assert.Equal(hinted.Id.ToString(), (await app.RedeemedAsync(code, attempt)).Claims.Subject);
    }

    private static string Long(int length) =>
        Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(length))[..length];
}
