using AuthServer.Clients;
using TestSupport;

namespace ProtocolTests.Pages;

/// <summary>Whether an app may have what it asks for.</summary>
public sealed class ConsentTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private static readonly ClientMetadata Metadata = new()
    {
        ClientName = "Portfolio",
        RedirectUris = [Given.RedirectUri],
        GrantTypes = ["authorization_code", "refresh_token"],
        RequireConsent = true,
        Scope = "openid profile email phone address professional offline_access logbook.read",
    };

    [Fact]
    public async Task Every_scope_is_said_in_words_and_a_scope_of_the_apps_own_by_its_name()
    {
        var (app, browser) = await StartAsync();
        using (browser)
        {
            var page = (await browser.OpenAsync(app.Authorize(Metadata.Scope!, Prompt("consent")).Url)).Ok();

            Assert.Equal("Share your details with Portfolio?", page.Heading);
            Assert.Equal(8, page.All("main ul li").Count);
            foreach (
                var words in new[]
                {
                    "same person",
                    "name and username",
                    "email address",
                    "phone number",
                    "postal address",
                    "GMC",
                    "after you have logged out",
                    "\"logbook.read\"",
                }
            )
            {
                Assert.Contains(words, page.Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Who_agrees_goes_on_and_is_not_asked_again()
    {
        var (app, browser) = await StartAsync();
        using (browser)
        {
            var attempt = app.Authorize("openid email");
            var page = await browser.OpenAsync(attempt.Url);

            var end = await browser.FollowAsync(await browser.SubmitAsync(page, button: "Agree"));

            Assert.NotEmpty(app.Callback(end, attempt)["code"]);
            var next = app.Authorize("openid email");
            Assert.NotEmpty(app.Callback(await browser.OpenAsync(next.Url), next)["code"]);
        }
    }

    [Fact]
    [Trait("oidc", "A18")]
    public async Task Who_does_not_agree_goes_back_to_the_app_with_access_denied_and_is_asked_again()
    {
        var (app, browser) = await StartAsync();
        using (browser)
        {
            var attempt = app.Authorize();
            var page = await browser.OpenAsync(attempt.Url);

            var end = await browser.FollowAsync(await browser.SubmitAsync(page, button: "Decline"));

            Assert.Equal("access_denied", app.Callback(end, attempt)["error"]);
            Assert.Equal("Share your details with Portfolio?", (await browser.OpenAsync(app.Authorize().Url)).Heading);
        }
    }

    [Fact]
    public async Task Agreement_is_for_the_scopes_that_were_asked_for()
    {
        var (app, browser) = await StartAsync();
        using (browser)
        {
            await browser.FollowAsync(
                await browser.SubmitAsync(await browser.OpenAsync(app.Authorize("openid").Url), button: "Agree")
            );

            var page = await browser.OpenAsync(app.Authorize("openid email").Url);

            Assert.Contains("email address", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_session_that_ended_meanwhile_leads_to_the_log_in_page_and_back()
    {
        var person = await server.Given.AccountAsync();
        var app = await server.Given.RelyingPartyAsync(Metadata);
        using var browser = await server.Given.LoggedInAsync(person);
        var attempt = app.Authorize();
        var address = (await browser.OpenAsync(attempt.Url)).Url.PathAndQuery;
        await browser.SubmitAsync(await browser.GetAsync("/log-out"));

        var logIn = await browser.OpenAsync(address);
        var consent = await browser.LogInAsync(logIn, person.Username, person.Password);

        Assert.Equal("Log in to Portfolio", logIn.Heading);
        Assert.Equal("Share your details with Portfolio?", consent.Heading);
    }

    private async Task<(RelyingParty App, TestBrowser Browser)> StartAsync() =>
        (
            await server.Given.RelyingPartyAsync(Metadata),
            await server.Given.LoggedInAsync(await server.Given.AccountAsync())
        );

    private static Dictionary<string, string?> Prompt(string prompt) => new() { ["prompt"] = prompt };
}
