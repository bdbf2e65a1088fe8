using System.Net;
using AuthServer.Protocol.EndSession;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TestSupport;
using static ProtocolTests.EndSession.EndSessionSteps;

namespace ProtocolTests.EndSession;

/// <summary>Apps log people out (OpenID Connect RP-Initiated Logout 1.0).</summary>
[Trait("spec", "RP-Initiated Logout 2")]
public sealed class EndSessionTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Theory]
    [InlineData("GET", "some state & more=1 #é")]
    [InlineData("POST", "some state & more=1 #é")]
    [InlineData("GET", null)]
    [Trait("oidc", "L1")]
    [Trait("oidc", "L2")]
    [Trait("oidc", "L6")]
    [Trait("oidc", "X6")]
    [Trait("spec", "RP-Initiated Logout 3")]
    public async Task With_a_hint_and_a_registered_address_the_session_ends_and_the_browser_goes_there(
        string method,
        string? state
    )
    {
        var (browser, app, tokens) = await SignedInAsync();

        var page = await AskAsync(
            browser,
            method,
            new()
            {
                ["id_token_hint"] = tokens.IdToken,
                ["post_logout_redirect_uri"] = Given.PostLogoutRedirectUri,
                ["state"] = state,
                ["client_id"] = app.Client.ClientId,
                ["logout_hint"] = "o'brien4821",
                ["ui_locales"] = "cy en",
            }
        );

        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        Assert.Equal(Given.PostLogoutRedirectUri, page.Location!.GetLeftPart(UriPartial.Path));
        Assert.Equal(
            state is null ? [] : new Dictionary<string, string> { ["state"] = state },
            Query.Read(page.Location)
        );
        await IsLoggedOutAsync(browser, app);
        await IsLoggedOutAsync(browser, await server.Given.RelyingPartyAsync());
        Assert.DoesNotContain(browser.Cookies, cookie => cookie.Name == "session");
    }

    [Fact]
    [Trait("oidc", "L2")]
    public async Task A_state_of_a_thousand_characters_comes_back()
    {
        var (browser, _, tokens) = await SignedInAsync();
        var state = new string('s', 1000);

        var page = await AskAsync(
            browser,
            "GET",
            new()
            {
                ["id_token_hint"] = tokens.IdToken,
                ["post_logout_redirect_uri"] = Given.PostLogoutRedirectUri,
                ["state"] = state,
            }
        );

        Assert.Equal(state, Query.Read(page.Location!)["state"]);
    }

    [Theory]
    [InlineData("https://elsewhere.example.test/goodbye")]
    [InlineData("https://app.example.test/goodbye?extra=1")]
    [InlineData("https://app.example.test/goodbye/")]
    [InlineData("https://app.example.test/callback")]
    [InlineData("javascript:alert(1)")]
    [Trait("oidc", "L3")]
    [Trait("spec", "RP-Initiated Logout 3")]
    public async Task An_address_that_is_not_registered_is_never_followed_and_costs_only_the_return(string uri)
    {
        var (browser, app, tokens) = await SignedInAsync();

        var page = await AskAsync(
            browser,
            "GET",
            new() { ["id_token_hint"] = tokens.IdToken, ["post_logout_redirect_uri"] = uri }
        );

        Assert.Equal("/log-out/done", page.Location!.AbsolutePath);
        await IsLoggedOutAsync(browser, app);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("stranger")]
    [InlineData("changed")]
    [InlineData("garbage")]
    [InlineData("access token")]
    [Trait("oidc", "L3")]
    [Trait("oidc", "L5")]
    public async Task A_hint_that_is_not_an_id_token_of_ours_proves_nothing_so_the_user_is_asked(string what)
    {
        var (browser, app, tokens) = await SignedInAsync();
        var parts = tokens.IdToken.Split('.');
        var hint = what switch
        {
            "none" => $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            "stranger" => SignedByAStranger(tokens.Claims),
            "changed" => $"{parts[0]}.{parts[1]}.{parts[2][..^4]}AAAA",
            "access token" => tokens.AccessToken,
            _ => "garbage",
        };

        var page = await AskAsync(
            browser,
            "GET",
            new()
            {
                ["id_token_hint"] = hint,
                ["post_logout_redirect_uri"] = Given.PostLogoutRedirectUri,
                ["client_id"] = app.Client.ClientId,
            }
        );

        // And not the address of the app.
        Assert.Equal("/log-out/done", (await ConfirmAsync(browser, page)).Location!.AbsolutePath);
        await IsLoggedOutAsync(browser, app);
    }

    [Fact]
    [Trait("oidc", "N2")]
    [Trait("spec", "RP-Initiated Logout 2")]
    public async Task Without_a_hint_a_registered_address_of_the_named_client_is_followed_once_the_user_has_confirmed()
    {
        var (browser, app, _) = await SignedInAsync();

        var page = await AskAsync(
            browser,
            "GET",
            new()
            {
                ["post_logout_redirect_uri"] = Given.PostLogoutRedirectUri,
                ["client_id"] = app.Client.ClientId,
                ["state"] = "abc",
            }
        );

        Assert.Equal(
            Given.PostLogoutRedirectUri + "?state=abc",
            (await ConfirmAsync(browser, page)).Location!.AbsoluteUri
        );
        await IsLoggedOutAsync(browser, app);
    }

    [Fact]
    [Trait("oidc", "L3")]
    [Trait("oidc", "L4")]
    [Trait("spec", "RP-Initiated Logout 3")]
    public async Task Without_a_hint_and_a_client_an_address_is_never_followed_even_if_an_app_has_registered_it()
    {
        var (browser, app, _) = await SignedInAsync();
        using var stranger = server.NewBrowser();
        Dictionary<string, string?> parameters = new()
        {
            ["post_logout_redirect_uri"] = Given.PostLogoutRedirectUri,
            ["state"] = "abc",
        };

        var loggedOut = await AskAsync(stranger, "GET", parameters);
        var asked = await AskAsync(browser, "GET", parameters);
        // Nothing has ended yet.
        await app.SignInAsync(browser, more: new Dictionary<string, string?> { ["prompt"] = "none" });

        Assert.Equal("/log-out/done", loggedOut.Location!.AbsolutePath);
        Assert.Equal("/log-out/done", (await ConfirmAsync(browser, asked)).Location!.AbsolutePath);
        await IsLoggedOutAsync(browser, app);
    }

    [Fact]
    [Trait("oidc", "L5")]
    public async Task A_client_id_that_is_not_the_hints_or_unknown_asks_and_ends_nothing()
    {
        var (browser, app, tokens) = await SignedInAsync();
        var other = await server.Given.ClientAsync();

        var another = await AskAsync(
            browser,
            "GET",
            new() { ["id_token_hint"] = tokens.IdToken, ["client_id"] = other.ClientId }
        );
        var unknown = await AskAsync(browser, "GET", new() { ["client_id"] = "unknown" });

        Assert.NotEmpty(another.TicketFor("/log-out"));
        Assert.NotEmpty(unknown.TicketFor("/log-out"));
        await app.SignInAsync(browser, more: new Dictionary<string, string?> { ["prompt"] = "none" });
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [Trait("oidc", "L4")]
    public async Task Without_a_hint_the_person_is_asked_before_anything_ends(bool withState, bool withClient)
    {
        var (browser, app, _) = await SignedInAsync();

        var page = await AskAsync(
            browser,
            "GET",
            new() { ["state"] = withState ? "abc" : null, ["client_id"] = withClient ? app.Client.ClientId : null }
        );

        Assert.NotEmpty(page.TicketFor("/log-out"));
        // No link can log anybody out.
        await app.SignInAsync(browser, more: new Dictionary<string, string?> { ["prompt"] = "none" });
    }

    [Fact]
    [Trait("oidc", "L4")]
    public async Task A_hint_alone_logs_out_and_shows_that()
    {
        var (browser, app, tokens) = await SignedInAsync();

        var page = await AskAsync(browser, "GET", new() { ["id_token_hint"] = tokens.IdToken });

        Assert.Equal("/log-out/done", page.Location!.AbsolutePath);
        await IsLoggedOutAsync(browser, app);
    }

    [Fact]
    [Trait("oidc", "L4")]
    public async Task Somebody_who_is_logged_out_already_is_told_so()
    {
        using var stranger = server.NewBrowser();

        Assert.Equal("/log-out/done", (await AskAsync(stranger, "GET", [])).Location!.AbsolutePath);
        Assert.Equal(
            "/log-out/done",
            (await ComeBackAsync(stranger, await AskAsync(stranger, "POST", []))).Location!.AbsolutePath
        );
    }

    [Fact]
    [Trait("oidc", "N1")]
    public async Task A_browser_with_a_session_is_never_told_that_it_has_logged_out()
    {
        var (browser, _, _) = await SignedInAsync();
        var tickets = server.Services.GetRequiredService<EndSessionTickets>();

        var done = await browser.GetAsync("/log-out/done");
        var returned = await browser.GetAsync(
            EndSessionTickets.ReturnPath(tickets.Seal(new EndSessionTicket(null, null, null)))
        );

        Assert.Equal("/log-out", done.Location!.AbsolutePath);
        Assert.NotEmpty(returned.TicketFor("/log-out"));
    }

    [Fact]
    [Trait("oidc", "L2")]
    [Trait("oidc", "L4")]
    public async Task After_the_log_out_page_the_ticket_leads_back_to_the_app()
    {
        var tickets = server.Services.GetRequiredService<EndSessionTickets>();
        using var stranger = server.NewBrowser();
        var ticket = tickets.Seal(new EndSessionTicket("app", Given.PostLogoutRedirectUri, "a b"));

        var page = await stranger.GetAsync(EndSessionTickets.ReturnPath(ticket));
        var tampered = await stranger.GetAsync(EndSessionTickets.ReturnPath(ticket[..^2]));

        Assert.Equal(Given.PostLogoutRedirectUri + "?state=a%20b", page.Headers["Location"]);
        Assert.Equal("/log-out/done", tampered.Location!.AbsolutePath);
    }

    [Fact]
    [Trait("oidc", "L5")]
    public async Task A_hint_about_another_person_asks_and_ends_nothing()
    {
        var (browser, app, _) = await SignedInAsync();
        var (others, otherApp, otherTokens) = await SignedInAsync();

        var page = await AskAsync(browser, "GET", new() { ["id_token_hint"] = otherTokens.IdToken });

        Assert.NotEmpty(page.TicketFor("/log-out"));
        await app.SignInAsync(browser, more: new Dictionary<string, string?> { ["prompt"] = "none" });
        await otherApp.SignInAsync(others, more: new Dictionary<string, string?> { ["prompt"] = "none" });
    }

    [Fact]
    [Trait("oidc", "L5")]
    public async Task A_hint_of_a_session_in_another_browser_asks_first()
    {
        var (browser, app, tokens) = await SignedInAsync();
        using var stranger = server.NewBrowser();

        var page = await AskAsync(stranger, "GET", new() { ["id_token_hint"] = tokens.IdToken });

        Assert.NotEmpty(page.TicketFor("/log-out"));
        await app.SignInAsync(browser, more: new Dictionary<string, string?> { ["prompt"] = "none" });
        await ConfirmAsync(stranger, page);
        await IsLoggedOutAsync(browser, app);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("id_token_hint")]
    [InlineData("post_logout_redirect_uri")]
    [Trait("oidc", "L3")]
    public async Task A_parameter_that_is_there_twice_is_shown(string name)
    {
        var (browser, _, tokens) = await SignedInAsync();
        var query = Query.Of([
            new("id_token_hint", tokens.IdToken),
            new("post_logout_redirect_uri", Given.PostLogoutRedirectUri),
            new("state", "1"),
            new(name, "again"),
        ]);

        (await browser.GetAsync($"{EndSessionPath}?{query}")).IsShown();
    }

    private static string SignedByAStranger(JsonWebToken like)
    {
        var key = new RsaSecurityKey(System.Security.Cryptography.RSA.Create(2048)) { KeyId = like.Kid };
        return new JsonWebTokenHandler().CreateToken(
            Base64UrlEncoder.Decode(like.EncodedPayload),
            new SigningCredentials(key, SecurityAlgorithms.RsaSha256)
        );
    }

    private Task<(TestBrowser Browser, RelyingParty App, Tokens Tokens)> SignedInAsync() =>
        server.SignedInToAnAppAsync();
}
