using AuthServer.Clients;
using AuthServer.Protocol.Authorize;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Authorize;

/// <summary>What the person has to agree to, and offline access, which nobody gets unasked.</summary>
public sealed class ConsentTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private static readonly Dictionary<string, string?> AskConsent = new() { ["prompt"] = "consent" };
    private readonly AuthServerFixture server = clocked.Server;

    [Fact]
    [Trait("oidc", "A8")]
    [Trait("spec", "OIDC Core 3.1.2.1")]
    public async Task The_prompt_shows_the_consent_page_and_agreeing_leads_back_to_the_app()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize("openid profile", AskConsent);

        var ticket = (await browser.GetAsync(attempt.Url)).TicketFor("/consent");
        var agreed = await server.AgreedAsync(ticket, account, "openid profile");

        Assert.NotEmpty((await browser.GetAsync(ProtocolSteps.Back(ticket))).TicketFor("/consent"));
        Assert.NotEmpty(app.CodeOf(await browser.GetAsync(ProtocolSteps.Back(agreed)), attempt));
    }

    [Fact]
    [Trait("oidc", "A18")]
    [Trait("spec", "RFC 6749 4.1.2.1")]
    public async Task Saying_no_is_access_denied()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize("openid profile", AskConsent);
        var tickets = server.Services.GetRequiredService<AuthorizeTickets>();
        var ticket = tickets.Open((await browser.GetAsync(attempt.Url)).TicketFor("/consent"))!.Ticket;

        var page = await browser.GetAsync(ProtocolSteps.Back(tickets.Seal(ticket with { Declined = true })));

        Assert.Equal("access_denied", app.ErrorOf(page, attempt));
    }

    [Fact]
    [Trait("oidc", "A8")]
    [Trait("spec", "OIDC Core 11")]
    public async Task Offline_access_without_consent_is_ignored()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var (code, attempt) = await app.CodeAsync(browser, "openid offline_access");
        var answer = (await app.RedeemAsync(code, attempt.Verifier)).Ok();

        Assert.Equal("openid", answer.Json.GetProperty("scope").GetString());
    }

    [Fact]
    [Trait("oidc", "A8")]
    [Trait("spec", "OIDC Core 11")]
    public async Task Offline_access_is_granted_once_the_person_has_agreed()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();

        var tokens = await server.SignInOfflineAsync(app, browser, account);

        var refreshed = (await app.RefreshAsync(tokens.RefreshToken!)).Ok();
        Assert.Equal("openid offline_access", refreshed.Json.GetProperty("scope").GetString());
    }

    [Fact]
    [Trait("oidc", "A8")]
    [Trait("spec", "OIDC Core 11")]
    public async Task What_was_agreed_earlier_counts_and_the_prompt_still_asks()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        await GiveConsentAsync(account, app, "openid offline_access");

        var (code, attempt) = await app.CodeAsync(browser, "openid offline_access");
        var answer = (await app.RedeemAsync(code, attempt.Verifier)).Ok();

        Assert.Equal("openid offline_access", answer.Json.GetProperty("scope").GetString());
        Assert.NotEmpty(
            (await browser.GetAsync(app.Authorize("openid offline_access", AskConsent).Url)).TicketFor("/consent")
        );
    }

    [Fact]
    [Trait("oidc", "A8")]
    [Trait("spec", "OIDC Core 3.1.2.4")]
    public async Task An_app_that_requires_consent_asks_until_every_scope_is_agreed_to()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync(
            new ClientMetadata { RedirectUris = [Given.RedirectUri], RequireConsent = true }
        );
        await GiveConsentAsync(account, app, "openid profile");

        Assert.NotEmpty((await app.CodeAsync(browser, "openid")).Code);
        Assert.NotEmpty((await app.CodeAsync(browser, "profile openid")).Code);
        Assert.NotEmpty((await browser.GetAsync(app.Authorize("openid email").Url)).TicketFor("/consent"));
    }

    [Fact]
    [Trait("oidc", "A8")]
    [Trait("spec", "OIDC Core 3.1.2.4")]
    public async Task One_persons_yes_is_not_the_next_persons()
    {
        var (first, second) = (await server.Given.AccountAsync(), await server.Given.AccountAsync());
        using var browser = await server.Given.LoggedInAsync(first);
        var app = await server.Given.RelyingPartyAsync();
        var ticket = (await browser.GetAsync(app.Authorize("openid", AskConsent).Url)).TicketFor("/consent");
        var agreed = await server.AgreedAsync(ticket, first, "openid");

        await server.Given.LoggedInAsync(second, browser);

        Assert.NotEmpty((await browser.GetAsync(ProtocolSteps.Back(agreed))).TicketFor("/consent"));
    }

    [Fact]
    [Trait("oidc", "A8")]
    [Trait("spec", "OIDC Core 3.1.2.4")]
    public async Task A_yes_to_less_than_was_asked_for_is_asked_again()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        var ticket = (await browser.GetAsync(app.Authorize("openid email", AskConsent).Url)).TicketFor("/consent");

        var agreed = await server.AgreedAsync(ticket, account, "openid");

        Assert.NotEmpty((await browser.GetAsync(ProtocolSteps.Back(agreed))).TicketFor("/consent"));
    }

    [Fact]
    [Trait("oidc", "A8")]
    [Trait("spec", "OIDC Core 3.1.2.1")]
    public async Task Log_in_and_consent_may_both_be_asked_for()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["prompt"] = "login consent" });

        var toLogIn = (await browser.GetAsync(attempt.Url)).TicketFor("/log-in");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await server.Given.LoggedInAsync(account, browser);
        var toConsent = (await browser.GetAsync(ProtocolSteps.Back(toLogIn))).TicketFor("/consent");
        var agreed = await server.AgreedAsync(toConsent, account, "openid");

        Assert.NotEmpty(app.CodeOf(await browser.GetAsync(ProtocolSteps.Back(agreed)), attempt));
    }

    private Task<bool> GiveConsentAsync(GivenAccount account, RelyingParty app, string scopes) =>
        server.Given.ConsentAsync(account, app.Client, scopes);
}
