using AuthServer.Clients;
using AuthServer.Protocol;
using AuthServer.Protocol.Authorize;

namespace UnitTests.AuthServer.Protocol.Authorize;

/// <summary>The rules of the authorization request, one by one.</summary>
[Trait("spec", "RFC 6749 4.1.2.1")]
public sealed class AuthorizeChecksTests
{
    [Fact]
    public void A_request_that_keeps_every_rule_breaks_none()
    {
        Assert.Null(Broken(Requests.Request(), Requests.Client()));
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "id_token", "unsupported_response_type")]
    [InlineData("response_type", "CODE", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("response_mode", "query", null)]
    [InlineData("response_mode", "form_post", null)]
    [InlineData("request", "x", "request_not_supported")]
    [InlineData("request_uri", "https://x", "request_uri_not_supported")]
    [InlineData("registration", "{}", "registration_not_supported")]
    [InlineData("scope", null, "invalid_scope")]
    [InlineData("scope", " ", "invalid_scope")]
    [InlineData("scope", "phone address", "invalid_scope")]
    [InlineData("scope", "phone openid", null)]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", "invalid_request")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("prompt", "login consent", null)]
    [InlineData("prompt", "none", null)]
    [InlineData("prompt", "none none", null)]
    [InlineData("prompt", "none consent", "invalid_request")]
    [InlineData("prompt", "Login", "invalid_request")]
    [InlineData("max_age", "0", null)]
    [InlineData("max_age", "+1", "invalid_request")]
    [InlineData("max_age", "1 ", "invalid_request")]
    [InlineData("max_age", "0x10", "invalid_request")]
    [InlineData("claims", "{}", null)]
    [InlineData("claims", "null", "invalid_request")]
    [InlineData("claims", """{"id_token":null,"userinfo":{}}""", null)]
    [InlineData(
        "claims",
        """{"id_token":{"acr":{"essential":true,"value":"urn:mfa"}}}""",
        "unmet_authentication_requirements"
    )]
    [InlineData("claims", """{"id_token":{"acr":{"essential":false,"value":"urn:mfa"}}}""", null)]
    [InlineData("claims", """{"id_token":{"acr":{"essential":true}}}""", null)]
    [InlineData("nonce", "anything at all", null)]
    [InlineData("unknown", "anything at all", null)]
    public void Each_rule_has_its_error(string name, string? value, string? error)
    {
        Assert.Equal(error, Broken(Requests.Request((name, value)), Requests.Client())?.Code);
    }

    [Theory]
    [InlineData("client_secret_basic", true, "invalid_request")]
    [InlineData("client_secret_basic", false, null)]
    [InlineData("none", true, "invalid_request")]
    [InlineData("none", false, "invalid_request")]
    [Trait("oidc", "A12")]
    [Trait("spec", "RFC 9700 2.1.1")]
    public void Only_a_confidential_client_may_be_excused_from_pkce(string method, bool required, string? error)
    {
        var client = Requests.Client(metadata =>
            metadata with
            {
                TokenEndpointAuthMethod = method,
                RequirePkce = required,
            }
        );

        Assert.Equal(
            error,
            Broken(Requests.Request(("code_challenge", null), ("code_challenge_method", null)), client)?.Code
        );
    }

    [Theory]
    [InlineData("plain")]
    [InlineData(null)]
    [Trait("oidc", "A12")]
    [Trait("spec", "RFC 7636 4.3")]
    public void Who_is_excused_and_sends_a_challenge_all_the_same_has_to_send_it_right(string? method)
    {
        var client = Requests.Client(metadata => metadata with { RequirePkce = false });

        Assert.Equal("invalid_request", Broken(Requests.Request(("code_challenge_method", method)), client)?.Code);
        Assert.Equal("invalid_request", Broken(Requests.Request(("code_challenge", null)), client)?.Code);
    }

    [Fact]
    public void A_client_has_to_be_registered_for_codes()
    {
        var client = Requests.Client(metadata => metadata with { GrantTypes = ["client_credentials"] });

        Assert.Equal("unauthorized_client", Broken(Requests.Request(), client)?.Code);
    }

    [Fact]
    [Trait("oidc", "A22")]
    [Trait("spec", "OIDC Core 3.1.2.1")]
    public void Scopes_that_are_unknown_or_forbidden_are_gone_and_the_order_is_kept()
    {
        var request = Requests.Request(("scope", "email  openid unknown phone openid"));

        Assert.Equal(["email", "openid"], AuthorizeChecks.GrantableScopes(request, Requests.Client()));
    }

    [Theory]
    [InlineData(null, Prompts.Any)]
    [InlineData("none", Prompts.None)]
    [InlineData("login", Prompts.Login)]
    [InlineData("consent select_account", Prompts.Consent | Prompts.SelectAccount)]
    internal void Prompt_is_a_list_of_words(string? prompt, Prompts flags)
    {
        Assert.Equal(flags, AuthorizeChecks.ReadPrompt(prompt));
    }

    private static ProtocolError? Broken(AuthorizeRequest request, RegisteredClient client) =>
        AuthorizeChecks.All.Select(check => check(request, client)).FirstOrDefault(error => error is not null);
}
