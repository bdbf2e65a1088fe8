using AuthServer.Clients;
using TestSupport;

namespace ProtocolTests.Authorize;

/// <summary>What is wrong with a request is sent to the app, at the address that was proved to be its own.</summary>
public sealed class ErrorsTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private static readonly string LongChallenge = new('a', 129);

    public static TheoryData<string, string?, string> WrongParameters { get; } =
        new()
        {
            { "response_type", null, "invalid_request" },
            { "response_type", "token", "unsupported_response_type" },
            { "response_type", "code id_token", "unsupported_response_type" },
            { "response_type", "dance", "unsupported_response_type" },
            { "response_mode", "fragment", "invalid_request" },
            { "response_mode", "dance", "invalid_request" },
            { "scope", null, "invalid_scope" },
            { "scope", "unknown", "invalid_scope" },
            { "scope", "professional", "invalid_scope" },
            { "prompt", "dance", "invalid_request" },
            { "prompt", "none login", "invalid_request" },
            { "max_age", "soon", "invalid_request" },
            { "max_age", "-1", "invalid_request" },
            { "max_age", "1.5", "invalid_request" },
            { "max_age", "99999999999999999999", "invalid_request" },
            { "code_challenge", null, "invalid_request" },
            { "code_challenge", "short", "invalid_request" },
            { "code_challenge", LongChallenge, "invalid_request" },
            { "code_challenge_method", null, "invalid_request" },
            { "code_challenge_method", "plain", "invalid_request" },
            { "code_challenge_method", "s256", "invalid_request" },
            { "claims", "{", "invalid_request" },
            { "claims", "[]", "invalid_request" },
            { "claims", "\"name\"", "invalid_request" },
            { "claims", "{\"userinfo\":[\"name\"]}", "invalid_request" },
            { "claims", "{\"userinfo\":{\"name\":true}}", "invalid_request" },
            { "claims", "{\"id_token\":{\"sub\":{\"value\":\"\\ud800\"}}}", "invalid_request" },
            { "claims", "{\"id_token\":{\"\\ud800\":null}}", "invalid_request" },
            {
                "claims",
                "{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\"urn:mfa\"]}}}",
                "unmet_authentication_requirements"
            },
            { "id_token_hint", "not a token", "invalid_request" },
            { "request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported" },
            { "request_uri", "https://app.example.test/request.jwt#abc", "request_uri_not_supported" },
            { "registration", "{}", "registration_not_supported" },
        };

    [Theory]
    [MemberData(nameof(WrongParameters))]
    [Trait("oidc", "A3")]
    [Trait("oidc", "A5")]
    [Trait("oidc", "A13")]
    [Trait("oidc", "A21")]
    [Trait("oidc", "X2")]
    [Trait("spec", "RFC 6749 4.1.2.1")]
    [Trait("spec", "OIDC Core 3.1.2.6")]
    public async Task A_wrong_parameter_is_told_to_the_app_in_the_query(string name, string? value, string error)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        Assert.Equal(
            error,
            await app.RefusedAsync(browser, app.Authorize(more: new Dictionary<string, string?> { [name] = value }))
        );
    }

    [Theory]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("request_uri", "https://app.example.test/request.jwt")]
    [InlineData("response_type", "token")]
    [InlineData("prompt", "none")]
    [Trait("oidc", "A13")]
    [Trait("oidc", "A2")]
    [Trait("spec", "RFC 6749 4.1.2.1")]
    public async Task No_error_is_sent_to_an_address_that_is_not_registered(string name, string value)
    {
        using var browser = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();

        var page = await browser.GetAsync(
            app.Authorize(
                more: new Dictionary<string, string?>
                {
                    [name] = value,
                    ["redirect_uri"] = "https://elsewhere.example.test/",
                }
            ).Url
        );

        page.IsShown();
    }

    [Theory]
    [InlineData("state=again")]
    [InlineData("scope=openid")]
    [InlineData("nonce=")]
    [InlineData("prompt=none&prompt=login")]
    [InlineData("response_mode=query&response_mode=form_post")]
    [Trait("oidc", "A3")]
    [Trait("spec", "RFC 6749 3.1")]
    public async Task A_parameter_that_is_there_twice_is_an_error(string again)
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();

        Assert.Equal(
            "invalid_request",
            await app.RefusedAsync(browser, attempt with { Url = $"{attempt.Url}&{again}" })
        );
    }

    [Fact]
    [Trait("oidc", "X7")]
    [Trait("spec", "RFC 8707 2")]
    public async Task Several_resources_may_be_named_and_each_has_to_be_registered()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();
        var attempt = app.Authorize();

        var page = await browser.GetAsync(
            $"{attempt.Url}&resource=https%3A%2F%2Fa.example.test&resource=https%3A%2F%2Fb.example.test"
        );

        Assert.Equal("invalid_target", app.ErrorOf(page, attempt));
    }

    [Fact]
    [Trait("oidc", "A3")]
    [Trait("spec", "RFC 6749 4.1.2.1")]
    public async Task A_client_that_is_not_registered_for_codes_gets_none()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(
            new ClientMetadata { RedirectUris = [Given.RedirectUri], GrantTypes = ["client_credentials"] }
        );

        Assert.Equal("unauthorized_client", await app.RefusedAsync(browser, app.Authorize()));
    }

    [Fact]
    [Trait("oidc", "A12")]
    [Trait("spec", "RFC 9700 2.1.1")]
    public async Task A_public_client_is_never_excused_from_pkce()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync(ProtocolSteps.PublicApp with { RequirePkce = false });
        var none = new Dictionary<string, string?> { ["code_challenge"] = null, ["code_challenge_method"] = null };

        Assert.Equal("invalid_request", await app.RefusedAsync(browser, app.Authorize(more: none)));
    }

    [Fact]
    [Trait("oidc", "A3")]
    [Trait("spec", "RFC 6749 4.1.2.1")]
    public async Task An_error_comes_before_any_page_is_shown()
    {
        using var stranger = server.NewBrowser();
        var app = await server.Given.RelyingPartyAsync();

        var attempt = app.Authorize(more: new Dictionary<string, string?> { ["code_challenge"] = null });

        Assert.Equal("invalid_request", await app.RefusedAsync(stranger, attempt));
    }
}
