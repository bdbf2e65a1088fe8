using System.Net;
using AuthServer.Clients;
using TestSupport;

namespace ProtocolTests.Pages;

public sealed class LogOutTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Fact]
    public async Task Opening_the_page_logs_nobody_out()
    {
        using var browser = await server.Given.LoggedInAsync(await server.Given.AccountAsync());

        var page = (await browser.GetAsync("/log-out")).Ok();

        Assert.Equal("Do you want to log out?", page.Heading);
        Assert.Equal("Your account", (await browser.OpenAsync("/account")).Heading);
    }

    [Fact]
    public async Task The_button_ends_the_session()
    {
        using var browser = await server.Given.LoggedInAsync(await server.Given.AccountAsync());

        var done = await browser.FollowAsync(await browser.SubmitAsync(await browser.GetAsync("/log-out")));

        Assert.Equal("You have logged out", done.Heading);
        Assert.StartsWith("Log in", (await browser.OpenAsync("/account")).Heading, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_another_website_logs_nobody_out()
    {
        using var browser = await server.Given.LoggedInAsync(await server.Given.AccountAsync());

        var answer = await browser.PostAsync("/log-out", []);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("Your account", (await browser.OpenAsync("/account")).Heading);
    }

    [Fact]
    [Trait("oidc", "L2")]
    public async Task An_app_that_has_to_ask_gets_the_person_back_after_the_button()
    {
        var app = await server.Given.RelyingPartyAsync();
        using var browser = await server.Given.LoggedInAsync(await server.Given.AccountAsync());
        var tokens = await app.SignInAsync(browser);
        using var another = await server.Given.LoggedInAsync(await server.Given.AccountAsync());
        var url =
            $"/connect/endsession?id_token_hint={tokens.IdToken}"
            + $"&post_logout_redirect_uri={Uri.EscapeDataString(Given.PostLogoutRedirectUri)}&state=xyz";

        var asked = await another.OpenAsync(url);
        var end = await another.FollowAsync(await another.SubmitAsync(asked));

        Assert.Equal("Do you want to log out?", asked.Heading);
        Assert.Equal($"{Given.PostLogoutRedirectUri}?state=xyz", end.Location?.AbsoluteUri);
        Assert.StartsWith("Log in", (await another.OpenAsync("/account")).Heading, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_app_that_asked_is_the_way_on()
    {
        var client = await server.Given.ClientAsync(
            new ClientMetadata { ClientName = "Portfolio", ClientUri = "https://app.example.test/" }
        );
        using var browser = server.NewBrowser();

        var page = (await browser.GetAsync($"/log-out/done?client_id={client.ClientId}")).Ok();

        Assert.Equal("https://app.example.test/", page.One("main a.nhsuk-button").GetAttribute("href"));
    }
}
