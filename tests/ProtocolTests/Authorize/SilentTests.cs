using AuthServer.Clients;
using TestSupport;

namespace ProtocolTests.Authorize;

/// <summary><c>prompt=none</c>: an answer at once, and never a page.</summary>
[Trait("spec", "OIDC Core 3.1.2.1")]
public sealed class SilentTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private static readonly Dictionary<string, string?> Silently = new() { ["prompt"] = "none" };

    [Fact]
    [Trait("oidc", "A6")]
    [Trait("spec", "OIDC Core 3.1.2.6")]
    public async Task Nobody_logged_in_is_login_required()
    {
        using var stranger = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();

        Assert.Equal("login_required", await app.RefusedAsync(stranger, app.Authorize(more: Silently)));
    }

    [Fact]
    [Trait("oidc", "A7")]
    public async Task Somebody_logged_in_is_signed_in_at_once_with_the_same_sub_and_auth_time()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var first = await app.SignInAsync(browser);

        var second = await app.SignInAsync(browser, more: Silently);

        Assert.Equal(first.Claims.Subject, second.Claims.Subject);
        Assert.Equal(first.Claims.GetPayloadValue<long>("auth_time"), second.Claims.GetPayloadValue<long>("auth_time"));
        Assert.Equal(first.Claims.GetPayloadValue<string>("sid"), second.Claims.GetPayloadValue<string>("sid"));
    }

    [Fact]
    [Trait("oidc", "A7")]
    public async Task A_hint_at_the_person_who_is_logged_in_changes_nothing()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var first = await app.SignInAsync(browser);

        var second = await app.SignInAsync(
            browser,
            more: new Dictionary<string, string?>(Silently) { ["id_token_hint"] = first.IdToken }
        );

        Assert.Equal(first.Claims.Subject, second.Claims.Subject);
    }

    [Fact]
    [Trait("oidc", "A7")]
    public async Task A_hint_at_another_person_is_login_required()
    {
        using var browser = await server.NewPersonAsync();
        using var other = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(other);

        var attempt = app.Authorize(
            more: new Dictionary<string, string?>(Silently) { ["id_token_hint"] = tokens.IdToken }
        );

        Assert.Equal("login_required", await app.RefusedAsync(browser, attempt));
    }

    [Fact]
    [Trait("oidc", "A11")]
    [Trait("spec", "OIDC Core 5.5.1")]
    public async Task A_sub_in_the_claims_parameter_lets_nobody_else_through()
    {
        var account = await server.Given.AccountAsync();
        using var browser = await server.Given.LoggedInAsync(account);
        using var other = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var more = new Dictionary<string, string?>(Silently)
        {
            ["claims"] = $$$$"""{"id_token":{"sub":{"value":"{{{{account.Id}}}}"}}}""",
        };

        Assert.Equal(account.Id.ToString(), (await app.SignInAsync(browser, more: more)).Claims.Subject);
        Assert.Equal("login_required", await app.RefusedAsync(other, app.Authorize(more: more)));
    }

    [Fact]
    [Trait("oidc", "A11")]
    [Trait("spec", "OIDC Core 5.5.1")]
    public async Task A_hint_and_a_sub_that_name_two_people_let_nobody_through()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var tokens = await app.SignInAsync(browser);

        var attempt = app.Authorize(
            more: new Dictionary<string, string?>
            {
                ["id_token_hint"] = tokens.IdToken,
                ["claims"] = $$$$"""{"id_token":{"sub":{"value":"{{{{Guid.NewGuid()}}}}"}}}""",
            }
        );

        Assert.Equal("invalid_request", await app.RefusedAsync(browser, attempt));
    }

    [Fact]
    [Trait("oidc", "A6")]
    [Trait("spec", "OIDC Core 3.1.2.6")]
    public async Task An_app_that_needs_consent_first_gets_consent_required()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            new ClientMetadata { RedirectUris = [Given.RedirectUri], RequireConsent = true }
        );

        Assert.Equal("consent_required", await app.RefusedAsync(browser, app.Authorize(more: Silently)));
    }

    [Fact]
    [Trait("oidc", "A6")]
    [Trait("oidc", "A9")]
    public async Task A_log_in_that_max_age_finds_too_old_is_login_required()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var attempt = app.Authorize(more: new Dictionary<string, string?>(Silently) { ["max_age"] = "0" });

        Assert.Equal("login_required", await app.RefusedAsync(browser, attempt));
    }

    [Fact]
    [Trait("oidc", "A6")]
    public async Task A_cookie_that_is_not_ours_is_nobody()
    {
        using var stranger = server.NewBrowser();
        stranger.Keep(new System.Net.Cookie("session", "AAAA", "/"));
        var app = await server.Given.RelyingPartyAsync();

        Assert.Equal("login_required", await app.RefusedAsync(stranger, app.Authorize(more: Silently)));
    }
}
