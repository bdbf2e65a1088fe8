using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using TestSupport;

namespace ProtocolTests.Authorize;

/// <summary>Parameters that steer the answer, and those that must not disturb it.</summary>
[Trait("spec", "OIDC Core 3.1.2.1")]
public sealed class ParametersTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Fact]
    [Trait("oidc", "A1")]
    public async Task A_posted_request_is_answered_like_one_in_the_address()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();

        var page = await browser.PostAsync(RelyingParty.AuthorizePath, FieldsOf(attempt));

        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        Assert.NotEmpty(app.CodeOf(page, attempt));
    }

    [Fact]
    [Trait("oidc", "A1")]
    public async Task A_post_that_came_without_the_cookie_goes_round_by_get_and_finds_the_session()
    {
        using var browser = await server.NewPersonAsync();
        using var crossSite = server.NewBrowser(); // SameSite=Lax keeps the cookie out of another site's POST
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();

        var page = await crossSite.PostAsync(RelyingParty.AuthorizePath, FieldsOf(attempt));

        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        Assert.NotEmpty(
            app.CodeOf(await browser.GetAsync(ProtocolSteps.Back(page.TicketFor("/connect/authorize"))), attempt)
        );
    }

    [Fact]
    [Trait("oidc", "A1")]
    public async Task A_post_by_somebody_who_is_not_logged_in_ends_at_the_log_in_page()
    {
        using var stranger = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();

        var page = await stranger.PostAsync(RelyingParty.AuthorizePath, FieldsOf(app.Authorize()));
        var next = await stranger.GetAsync(page.Location!.AbsoluteUri);

        Assert.NotEmpty(next.TicketFor("/log-in"));
    }

    [Theory]
    [InlineData("GET", 9_000, true)]
    [InlineData("GET", 15_000, false)]
    [InlineData("POST", 9_000, true)]
    [InlineData("POST", 40_000, false)]
    [Trait("oidc", "A1")]
    [Trait("oidc", "X6")]
    [Trait("spec", "RFC 9110 4.1")]
    public async Task A_request_that_no_address_can_carry_is_shown_to_be_too_long_and_not_sent_into_a_wall(
        string method,
        int length,
        bool works
    )
    {
        using var stranger = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();
        var state = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(length * 3 / 4));
        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["state"] = state });

        var page =
            method == "GET"
                ? await stranger.GetAsync(attempt.Url)
                : await stranger.PostAsync(RelyingParty.AuthorizePath, FieldsOf(attempt));

        if (works)
        {
            Assert.Equal("Log in to Portfolio", (await stranger.OpenAsync(page.Location!.AbsoluteUri)).Heading);
        }
        else
        {
            page.IsShown();
        }
    }

    [Theory]
    [InlineData("display", "page")]
    [InlineData("display", "popup")]
    [InlineData("display", "touch")]
    [InlineData("display", "wap")]
    [InlineData("display", "hologram")]
    [InlineData("ui_locales", "cy en-GB fr")]
    [InlineData("ui_locales", "not-a-locale-at-all")]
    [InlineData("claims_locales", "cy")]
    [InlineData("login_hint", "buffy@example.test")]
    [InlineData("acr_values", "1 2")]
    [InlineData("id_token_hint", "")]
    [InlineData("nonce", null)]
    [InlineData("response_mode", "query")]
    [Trait("oidc", "A10")]
    public async Task It_must_not_break_anything(string name, string? value)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var (code, attempt) = await app.CodeAsync(browser, more: new Dictionary<string, string?> { [name] = value });

        Assert.Equal(HttpStatusCode.OK, (await app.RedeemAsync(code, attempt.Verifier)).Status);
    }

    [Theory]
    [InlineData("extra", "foobar")]
    [InlineData("ticket2", "x")]
    [InlineData("dpop_jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")]
    [Trait("oidc", "X7")]
    [Trait("spec", "RFC 6749 3.1")]
    public async Task An_unknown_parameter_is_ignored(string name, string value)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        Assert.NotEmpty((await app.CodeAsync(browser, more: new Dictionary<string, string?> { [name] = value })).Code);
    }

    [Theory]
    [InlineData("profile openid", "profile openid")]
    [InlineData("openid openid profile", "openid profile")]
    [InlineData("openid unknown:scope profile", "openid profile")]
    [InlineData("openid professional", "openid")]
    [Trait("oidc", "A22")]
    public async Task Scopes_in_any_order_are_granted_and_unknown_or_forbidden_ones_ignored(
        string asked,
        string granted
    )
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var (code, attempt) = await app.CodeAsync(browser, asked);
        var answer = (await app.RedeemAsync(code, attempt.Verifier)).Ok();

        Assert.Equal(granted, answer.Json.GetProperty("scope").GetString());
        Assert.True(answer.Json.TryGetProperty("id_token", out _));
    }

    [Fact]
    [Trait("oidc", "A22")]
    [Trait("spec", "RFC 6749 4.1")]
    public async Task Without_openid_it_is_plain_OAuth_and_there_is_no_id_token()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var (code, attempt) = await app.CodeAsync(browser, "profile");
        var answer = (await app.RedeemAsync(code, attempt.Verifier)).Ok();

        Assert.False(answer.Json.TryGetProperty("id_token", out _));
    }

    [Fact]
    [Trait("oidc", "A22")]
    public async Task The_order_of_parameters_does_not_matter()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();
        var backwards = Query.Of(FieldsOf(attempt).Reverse());

        Assert.NotEmpty(app.CodeOf(await browser.GetAsync($"{RelyingParty.AuthorizePath}?{backwards}"), attempt));
    }

    [Fact]
    [Trait("oidc", "X6")]
    [Trait("oidc", "T8")]
    public async Task A_nonce_of_384_characters_comes_back_in_the_id_token()
    {
        var nonce = string.Concat(Enumerable.Repeat("0123456789abcdefghijklmnopqr-._~", 12));
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var (code, attempt) = await app.CodeAsync(browser, more: new Dictionary<string, string?> { ["nonce"] = nonce });

        Assert.Equal(
            nonce,
            (await app.RedeemedAsync(code, attempt with { Nonce = nonce })).Claims.GetPayloadValue<string>("nonce")
        );
    }

    [Theory]
    [InlineData("acr_values", "https://refeds.org/profile/sfa")]
    [InlineData("acr_values", "urn:one urn:two")]
    [InlineData("claims", """{"id_token":{"acr":null}}""")]
    [InlineData("claims", """{"id_token":{"acr":{"essential":true}}}""")]
    [InlineData("claims", """{"id_token":{"acr":{"values":["urn:mfa"]}}}""")]
    [InlineData(
        "claims",
        """{"id_token":{"acr":{"essential":true,"values":["urn:mfa","https://refeds.org/profile/sfa"]}}}"""
    )]
    [Trait("oidc", "A10")]
    [Trait("oidc", "D17")]
    [Trait("spec", "OIDC Core 5.5.1.1")]
    public async Task An_acr_that_was_asked_for_is_in_the_id_token(string name, string value)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var tokens = await app.SignInAsync(browser, more: new Dictionary<string, string?> { [name] = value });

        Assert.Equal("https://refeds.org/profile/sfa", tokens.Claims.GetPayloadValue<string>("acr"));
    }

    [Fact]
    [Trait("oidc", "A12")]
    [Trait("spec", "RFC 7636 4.4.1")]
    public async Task A_confidential_client_may_be_excused_from_pkce()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(ProtocolSteps.EveryScope);
        var none = new Dictionary<string, string?> { ["code_challenge"] = null, ["code_challenge_method"] = null };

        var (code, _) = await app.CodeAsync(browser, more: none);

        (
            await app.TokenAsync(
                new Dictionary<string, string>
                {
                    ["grant_type"] = "authorization_code",
                    ["code"] = code,
                    ["redirect_uri"] = app.RedirectUri,
                }
            )
        ).Ok();
    }

    private static IReadOnlyDictionary<string, string> FieldsOf(AuthorizeAttempt attempt) =>
        Query.Read(new Uri(new Uri("http://localhost"), attempt.Url));
}
