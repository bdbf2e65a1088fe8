using System.Net;
using AuthServer.Accounts;
using AuthServer.Clients;
using TestSupport;

namespace ProtocolTests.Pages;

public sealed class AccountTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Fact]
    public async Task A_person_sees_who_they_are_and_how_they_are_logged_in()
    {
        var person = await server.Given.AccountAsync(
            "o'brien4821",
            account =>
            {
                (account.GivenName, account.FamilyName) = ("Aoife", "O'Brien");
                (account.Email, account.EmailVerified) = ("aoife@example.nhs.test", true);
            }
        );
        using var browser = server.NewBrowser();

        var page = await browser.LogInAsync(await browser.OpenAsync("/account"), person.Username, person.Password);

        Assert.Equal("Your account", page.Heading);
        Assert.Contains("Aoife O'Brien", page.Text, StringComparison.Ordinal);
        Assert.Contains("o'brien4821", page.Text, StringComparison.Ordinal);
        Assert.Contains("aoife@example.nhs.test", page.Text, StringComparison.Ordinal);
        Assert.Contains("Chrome on Linux", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_is_not_logged_in_is_asked_to_and_comes_back()
    {
        var person = await server.Given.AccountAsync();
        using var browser = server.NewBrowser();

        var logIn = await browser.OpenAsync("/account?from=mail");
        var page = await browser.LogInAsync(logIn, person.Username, person.Password);

        Assert.Equal("Log in", logIn.Heading);
        Assert.Equal("/account?from=mail", page.Url.PathAndQuery);
    }

    [Fact]
    public async Task The_apps_that_have_said_where_they_are_are_listed_for_everybody()
    {
        await using var fresh = await AuthServerFixture.StartAsync();
        var app = await fresh.Given.ClientAsync(
            new ClientMetadata
            {
                ClientName = "Surgical logbook",
                ClientUri = "https://logbook.example.test/",
                LogoUri = "https://logbook.example.test/logo.png",
                RedirectUris = [Given.RedirectUri],
            }
        );
        await fresh.Given.ClientAsync(
            new ClientMetadata
            {
                ClientName = "Anaesthesia <portfolio>",
                InitiateLoginUri = "https://anaesthesia.example.test/start",
                RedirectUris = [Given.RedirectUri],
            }
        );
        await fresh.Given.ClientAsync(
            new ClientMetadata { ClientName = "Nowhere", RedirectUris = [Given.RedirectUri] }
        );
        await fresh.Given.ClientAsync(
            new ClientMetadata
            {
                ClientName = "A script",
                ClientUri = "javascript:alert(1)",
                RedirectUris = [Given.RedirectUri],
            }
        );
        await fresh.Given.ClientAsync(
            new ClientMetadata
            {
                ClientName = "A service",
                ClientUri = "https://service.example.test/",
                GrantTypes = ["client_credentials"],
            }
        );
        using var stranger = fresh.NewBrowser();
        using var member = await fresh.Given.LoggedInAsync(await fresh.Given.AccountAsync());

        Page[] pages = [(await stranger.GetAsync("/")).Ok(), (await member.GetAsync("/account")).Ok()];

        Assert.All(
            pages,
            page =>
            {
                var links = page.All("main .app-list a");
                Assert.Equal(
                    ["Anaesthesia <portfolio>", "Surgical logbook"],
                    links.Select(link => link.TextContent.Trim())
                );
                Assert.StartsWith(
                    "https://anaesthesia.example.test/start?iss=",
                    links[0].GetAttribute("href"),
                    StringComparison.Ordinal
                );
                Assert.Equal("https://logbook.example.test/", links[1].GetAttribute("href"));
                Assert.Equal($"/app-logo/{app.ClientId}", page.One("main .app-list img").GetAttribute("src"));
            }
        );
    }

    [Theory]
    [InlineData(StaffRole.None, false)]
    [InlineData(StaffRole.Support, true)]
    [InlineData(StaffRole.Administrator, true)]
    public async Task The_support_desk_is_linked_for_those_who_may_use_it(StaffRole role, bool linked)
    {
        using var browser = await server.Given.LoggedInAsync(
            await server.Given.AccountAsync(more: account => account.StaffRole = role)
        );

        var account = (await browser.GetAsync("/account")).Ok();

        Assert.Equal(linked ? 1 : 0, account.All("main a[href='/support']").Count);
        Assert.Equal(
            linked ? HttpStatusCode.OK : HttpStatusCode.Forbidden,
            (await browser.GetAsync("/support")).Status
        );
    }

    [Fact]
    public async Task The_front_door_says_what_this_is_and_leads_who_is_logged_in_to_their_account()
    {
        using var stranger = server.NewBrowser();
        using var member = await server.Given.LoggedInAsync(await server.Given.AccountAsync());

        Assert.Equal("One log-in for your NHS ePortfolios", (await stranger.GetAsync("/")).Ok().Heading);
        Assert.Equal("Your account", (await member.OpenAsync("/")).Heading);
    }
}
