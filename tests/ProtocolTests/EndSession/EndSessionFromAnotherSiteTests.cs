using TestSupport;
using static ProtocolTests.EndSession.EndSessionSteps;

namespace ProtocolTests.EndSession;

/// <summary>
/// Apps may send the log-out as a POST, which browsers send without the cookie: it is put aside and comes back by GET.
/// </summary>
[Trait("spec", "RP-Initiated Logout 2")]
public sealed class EndSessionFromAnotherSiteTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Fact]
    [Trait("oidc", "L1")]
    [Trait("oidc", "L5")]
    public async Task A_post_that_came_without_the_cookie_comes_back_by_get_and_logs_out()
    {
        var (browser, app, tokens) = await SignedInAsync();

        var page = await PostFromAnotherSiteAsync(
            browser,
            new() { ["id_token_hint"] = tokens.IdToken, ["post_logout_redirect_uri"] = Given.PostLogoutRedirectUri }
        );

        Assert.Equal(Given.PostLogoutRedirectUri, page.Location!.AbsoluteUri);
        await IsLoggedOutAsync(browser, app);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("client_id")]
    [InlineData("another person")]
    [Trait("oidc", "N1")]
    public async Task A_post_from_another_site_that_proves_nothing_asks_and_then_logs_out(string what)
    {
        var (browser, app, _) = await SignedInAsync();
        var (_, _, others) = await SignedInAsync();

        var page = await PostFromAnotherSiteAsync(
            browser,
            what switch
            {
                "client_id" => new() { ["client_id"] = app.Client.ClientId },
                "another person" => new() { ["id_token_hint"] = others.IdToken },
                _ => [],
            }
        );

        Assert.Equal("/log-out/done", (await ConfirmAsync(browser, page)).Location!.AbsolutePath);
        await IsLoggedOutAsync(browser, app);
    }

    [Fact]
    [Trait("oidc", "N1")]
    public async Task A_post_from_another_site_with_a_hint_of_an_older_session_of_the_same_person_logs_out()
    {
        var account = await server.Given.AccountAsync();
        using var older = await server.Given.LoggedInAsync(account);
        var app = await server.Given.RelyingPartyAsync();
        var hint = (await app.SignInAsync(older)).IdToken;
        using var browser = await server.Given.LoggedInAsync(account);
        await app.SignInAsync(browser);

        var page = await PostFromAnotherSiteAsync(browser, new() { ["id_token_hint"] = hint });

        Assert.Equal("/log-out/done", page.Location!.AbsolutePath);
        await IsLoggedOutAsync(browser, app);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("id_token_hint")]
    public async Task A_post_from_another_site_that_is_too_long_for_an_address_loses_only_the_way_back(string name)
    {
        var (browser, app, tokens) = await SignedInAsync();
        using var _ = browser;
        Dictionary<string, string?> parameters = new()
        {
            ["id_token_hint"] = tokens.IdToken,
            ["post_logout_redirect_uri"] = Given.PostLogoutRedirectUri,
            [name] = new string('a', 20_000),
        };

        var page = await PostFromAnotherSiteAsync(browser, parameters);

        if (name == "state")
        {
            Assert.Equal("/log-out/done", page.Location!.AbsolutePath);
        }
        else
        {
            await ConfirmAsync(browser, page);
        }

        await IsLoggedOutAsync(browser, app);
    }

    /// <summary>
    /// SameSite=Lax keeps the cookie out of another site's POST, and not out of the GET that follows.
    /// </summary>
    private async Task<Page> PostFromAnotherSiteAsync(TestBrowser browser, Dictionary<string, string?> parameters)
    {
        using var withoutCookie = server.NewBrowser();
        return await ComeBackAsync(browser, await AskAsync(withoutCookie, "POST", parameters));
    }

    private Task<(TestBrowser Browser, RelyingParty App, Tokens Tokens)> SignedInAsync() =>
        server.SignedInToAnAppAsync();
}
