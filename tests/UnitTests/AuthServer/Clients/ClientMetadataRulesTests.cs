using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Protocol.Keys;

namespace UnitTests.AuthServer.Clients;

[Trait("spec", "RFC 7591 2")]
public sealed class ClientMetadataRulesTests
{
    private static readonly ClientMetadata Web = new() { RedirectUris = ["https://app.example/cb"] };

    private static readonly ClientMetadata Machine = new() { GrantTypes = ["client_credentials"] };

    private static readonly ClientMetadata Native = Web with
    {
        TokenEndpointAuthMethod = "none",
        ApplicationType = "native",
    };

    private static readonly JsonElement Keys = Json(
        """
        { "keys": [{ "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" }] }
        """
    );

    [Theory]
    [InlineData("private_key_jwt")]
    [InlineData("self_signed_tls_client_auth")]
    [Trait("spec", "RFC 8705 2.2.2")]
    public void A_client_may_authenticate_by_keys_that_it_registers_or_publishes(string method)
    {
        Assert.Empty(ClientMetadataRules.Check(Web with { TokenEndpointAuthMethod = method, Jwks = Keys }));
        Assert.Empty(
            ClientMetadataRules.Check(
                Web with
                {
                    TokenEndpointAuthMethod = method,
                    JwksUri = "https://app.example/keys",
                }
            )
        );
    }

    [Fact]
    [Trait("spec", "RFC 8705 2.1.2")]
    public void A_client_may_authenticate_by_a_certificate_with_one_registered_name()
    {
        var tls = Machine with { TokenEndpointAuthMethod = "tls_client_auth" };
        Assert.Empty(ClientMetadataRules.Check(tls with { TlsClientAuthSubjectDn = "CN=app,O=NHS,C=GB" }));
        Assert.Empty(ClientMetadataRules.Check(tls with { TlsClientAuthSanDns = "app.example" }));
        Assert.Empty(ClientMetadataRules.Check(tls with { TlsClientAuthSanUri = "https://app.example" }));
        Assert.Empty(ClientMetadataRules.Check(tls with { TlsClientAuthSanIp = "2001:db8::1" }));
        Assert.Empty(ClientMetadataRules.Check(tls with { TlsClientAuthSanEmail = "app@app.example" }));
    }

    [Fact]
    public void Device_flow_is_open_to_public_clients_and_token_exchange_to_confidential_ones()
    {
        Assert.Empty(
            ClientMetadataRules.Check(
                Native with
                {
                    RedirectUris = [],
                    GrantTypes = [ClientMetadataRules.DeviceCode, "refresh_token"],
                    ResponseTypes = [],
                }
            )
        );
        Assert.Empty(ClientMetadataRules.Check(Machine with { GrantTypes = [ClientMetadataRules.TokenExchange] }));
    }

    [Fact]
    public void Ordinary_clients_have_no_mistakes()
    {
        Assert.Empty(ClientMetadataRules.Check(Web));
        Assert.Empty(ClientMetadataRules.Check(Machine));
        Assert.Empty(ClientMetadataRules.Check(Native));
    }

    [Theory]
    [InlineData("https://app.example/cb?tenant=1")]
    [InlineData("https://app.example")]
    [InlineData("https://xn--bcher-kva.example/cb")]
    [InlineData("https://app.example:8443/a%20b")]
    [InlineData("http://127.0.0.1:9999/cb")]
    [InlineData("http://[::1]/cb")]
    [InlineData("http://localhost:3000/cb")]
    public void A_redirect_URI_is_https_or_http_on_this_machine(string uri) =>
        Assert.Empty(ClientMetadataRules.Check(Web with { RedirectUris = [uri] }));

    [Theory]
    [Trait("oidc", "R6")]
    [InlineData("https://app.example/cb#here", "must not have a fragment.")]
    [InlineData("https://app.example/cb#", "must not have a fragment.")]
    [InlineData("https://*.app.example/cb", "must not have a wildcard: register every address.")]
    [InlineData("https://app.example/*", "must not have a wildcard: register every address.")]
    [InlineData("https://user:pass@app.example/cb", "must not hold a username or password.")]
    [InlineData("https://@app.example/cb", "must not hold a username or password.")]
    [InlineData("http://app.example/cb", "must be https; http is for 127.0.0.1, [::1] and localhost only.")]
    [InlineData("http://127.0.0.1.evil.example/cb", "must be https; http is for 127.0.0.1, [::1] and localhost only.")]
    [InlineData("http://localhost.evil.example/cb", "must be https; http is for 127.0.0.1, [::1] and localhost only.")]
    [InlineData(
        "/cb",
        "must be an absolute address, with its scheme in lower case and other than ASCII characters encoded."
    )]
    [InlineData(
        "app.example/cb",
        "must be an absolute address, with its scheme in lower case and other than ASCII characters encoded."
    )]
    [InlineData(
        "HTTPS://app.example/cb",
        "must be an absolute address, with its scheme in lower case and other than ASCII characters encoded."
    )]
    [InlineData(
        "https://app.example/a b",
        "must be an absolute address, with its scheme in lower case and other than ASCII characters encoded."
    )]
    [InlineData(
        "https://app.example\\cb",
        "must be an absolute address, with its scheme in lower case and other than ASCII characters encoded."
    )]
    [InlineData(
        "https://bücher.example/cb",
        "must be an absolute address, with its scheme in lower case and other than ASCII characters encoded."
    )]
    [InlineData(
        "https://app.example/%zz",
        "must be an absolute address, with its scheme in lower case and other than ASCII characters encoded."
    )]
    [InlineData(
        "",
        "must be an absolute address, with its scheme in lower case and other than ASCII characters encoded."
    )]
    [InlineData(
        "https:app.example",
        "must be an absolute address, with its scheme in lower case and other than ASCII characters encoded."
    )]
    [InlineData(
        "javascript:alert(1)",
        "must be https; an app's own scheme must be a domain name turned round, such as uk.example.app (RFC 8252)."
    )]
    [InlineData(
        "data:text/html,x",
        "must be https; an app's own scheme must be a domain name turned round, such as uk.example.app (RFC 8252)."
    )]
    [InlineData(
        "file:///etc/passwd",
        "must be https; an app's own scheme must be a domain name turned round, such as uk.example.app (RFC 8252)."
    )]
    [InlineData(
        "myapp:/cb",
        "must be https; an app's own scheme must be a domain name turned round, such as uk.example.app (RFC 8252)."
    )]
    [InlineData(
        "uk.example.app:/cb",
        "may have an app's own scheme only with application_type native and token_endpoint_auth_method none."
    )]
    public void Any_other_redirect_URI_is_a_mistake_that_is_named(string uri, string sentence)
    {
        var mistake = Assert.Single(
            ClientMetadataRules.Check(Web with { RedirectUris = ["https://first.example/", uri] })
        );

        Assert.Equal(new MetadataMistake("invalid_redirect_uri", "redirect_uris[1] " + sentence), mistake);
    }

    [Fact]
    [Trait("spec", "RFC 8252 7.1")]
    public void A_public_native_app_may_have_a_scheme_of_its_own()
    {
        Assert.Empty(ClientMetadataRules.Check(Native with { RedirectUris = ["uk.example.app:/cb"] }));
        Assert.NotEmpty(
            ClientMetadataRules.Check(Native with { ApplicationType = "web", RedirectUris = ["uk.example.app:/cb"] })
        );
        Assert.NotEmpty(
            ClientMetadataRules.Check(
                Native with
                {
                    TokenEndpointAuthMethod = "client_secret_basic",
                    RedirectUris = ["uk.example.app:/cb"],
                }
            )
        );
    }

    public static TheoryData<string, object> Mistakes() =>
        new()
        {
            {
                "redirect_uris must hold an address: grant_types names authorization_code.",
                Web with
                {
                    RedirectUris = [],
                }
            },
            {
                "grant_types must name at least one of authorization_code, refresh_token, client_credentials, urn:ietf:params:oauth:grant-type:device_code or urn:ietf:params:oauth:grant-type:token-exchange.",
                Web with
                {
                    GrantTypes = [],
                }
            },
            {
                "grant_types[0] must be authorization_code, refresh_token, client_credentials, urn:ietf:params:oauth:grant-type:device_code or urn:ietf:params:oauth:grant-type:token-exchange.",
                Machine with
                {
                    GrantTypes = ["password"],
                }
            },
            {
                "grant_types[1] must be authorization_code, refresh_token, client_credentials, urn:ietf:params:oauth:grant-type:device_code or urn:ietf:params:oauth:grant-type:token-exchange.",
                Web with
                {
                    GrantTypes = ["authorization_code", "implicit"],
                }
            },
            {
                "grant_types must name authorization_code or urn:ietf:params:oauth:grant-type:device_code where it names refresh_token.",
                Machine with
                {
                    GrantTypes = ["client_credentials", "refresh_token"],
                }
            },
            {
                "grant_types must not name urn:ietf:params:oauth:grant-type:token-exchange with token_endpoint_auth_method none.",
                Native with
                {
                    GrantTypes = ["authorization_code", "urn:ietf:params:oauth:grant-type:token-exchange"],
                }
            },
            {
                "grant_types must not name client_credentials with token_endpoint_auth_method none.",
                Native with
                {
                    GrantTypes = ["authorization_code", "client_credentials"],
                }
            },
            { "response_types must be code: nothing else is offered.", Web with { ResponseTypes = ["code", "token"] } },
            {
                "response_types must name code where grant_types names authorization_code.",
                Web with
                {
                    ResponseTypes = [],
                }
            },
            {
                "token_endpoint_auth_method must be client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth, self_signed_tls_client_auth or none.",
                Web with
                {
                    TokenEndpointAuthMethod = "client_secret_jwt",
                }
            },
            {
                "jwks and jwks_uri must not both be set.",
                Web with
                {
                    Jwks = Keys,
                    JwksUri = "https://app.example/keys",
                }
            },
            {
                "jwks or jwks_uri must be set with token_endpoint_auth_method private_key_jwt.",
                Web with
                {
                    TokenEndpointAuthMethod = "private_key_jwt",
                }
            },
            {
                "jwks or jwks_uri must be set with token_endpoint_auth_method self_signed_tls_client_auth.",
                Web with
                {
                    TokenEndpointAuthMethod = "self_signed_tls_client_auth",
                }
            },
            { "jwks must be a JWK set (RFC 7517) of 1 to 20 keys.", Web with { Jwks = Json("""{ "keys": [] }""") } },
            {
                "jwks_uri must be https; http is for 127.0.0.1, [::1] and localhost only.",
                Web with
                {
                    JwksUri = "http://app.example/keys",
                }
            },
            {
                "token_endpoint_auth_signing_alg must be RS256, PS256 or ES256.",
                Web with
                {
                    TokenEndpointAuthSigningAlg = "none",
                }
            },
            {
                "tls_client_auth_subject_dn, _san_dns, _san_uri, _san_ip or _san_email: exactly one must be set with tls_client_auth.",
                Web with
                {
                    TokenEndpointAuthMethod = "tls_client_auth",
                }
            },
            {
                "tls_client_auth_subject_dn, _san_dns, _san_uri, _san_ip or _san_email: exactly one must be set with tls_client_auth.",
                Web with
                {
                    TokenEndpointAuthMethod = "tls_client_auth",
                    TlsClientAuthSanDns = "app.example",
                    TlsClientAuthSanEmail = "a@app.example",
                }
            },
            {
                "tls_client_auth_ members must be set with token_endpoint_auth_method tls_client_auth only.",
                Web with
                {
                    TlsClientAuthSanDns = "app.example",
                }
            },
            {
                "tls_client_auth_san_ip must be an IP address.",
                Web with
                {
                    TokenEndpointAuthMethod = "tls_client_auth",
                    TlsClientAuthSanIp = "app.example",
                }
            },
            {
                "tls_client_auth_subject_dn must be 1 to 400 characters long, without control characters.",
                Web with
                {
                    TokenEndpointAuthMethod = "tls_client_auth",
                    TlsClientAuthSubjectDn = " ",
                }
            },
            { "require_pkce must be true with token_endpoint_auth_method none.", Native with { RequirePkce = false } },
            {
                "rotate_refresh_tokens must be true with token_endpoint_auth_method none.",
                Native with
                {
                    GrantTypes = ["authorization_code", "refresh_token"],
                    RotateRefreshTokens = false,
                }
            },
            {
                "allow_introspection must be false with token_endpoint_auth_method none.",
                Native with
                {
                    AllowIntrospection = true,
                }
            },
            { "application_type must be web or native.", Web with { ApplicationType = "desktop" } },
            { "id_token_signed_response_alg must be RS256 or ES256.", Web with { IdTokenSignedResponseAlg = "none" } },
            {
                "userinfo_signed_response_alg must be RS256 or ES256.",
                Web with
                {
                    UserinfoSignedResponseAlg = "HS256",
                }
            },
            {
                "access_token_signed_response_alg must be RS256 or ES256.",
                Web with
                {
                    AccessTokenSignedResponseAlg = "PS256",
                }
            },
            {
                "scope: each part must be printable ASCII without spaces, double quotes and backslashes.",
                Web with
                {
                    Scope = "openid \"x\"",
                }
            },
            {
                "allowed_scopes[1] must be printable ASCII without spaces, double quotes and backslashes.",
                Web with
                {
                    AllowedScopes = ["openid", "a b"],
                }
            },
            {
                "client_uri must be https; http is for 127.0.0.1, [::1] and localhost only.",
                Web with
                {
                    ClientUri = "http://app.example",
                }
            },
            {
                "logo_uri must be an https address, or an http one on a loopback address.",
                Web with
                {
                    LogoUri = "data:image/png;base64,AA",
                }
            },
            {
                "policy_uri must be https; http is for 127.0.0.1, [::1] and localhost only.",
                Web with
                {
                    PolicyUri = "http://app.example/p",
                }
            },
            {
                "tos_uri must be an absolute address, with its scheme in lower case and other than ASCII characters encoded.",
                Web with
                {
                    TosUri = "terms",
                }
            },
            {
                "initiate_login_uri must be https; http is for 127.0.0.1, [::1] and localhost only.",
                Web with
                {
                    InitiateLoginUri = "http://app.example/login",
                }
            },
            {
                "backchannel_logout_uri must not have a fragment.",
                Web with
                {
                    BackchannelLogoutUri = "https://app.example/out#x",
                }
            },
            {
                "post_logout_redirect_uris[0] must not have a wildcard: register every address.",
                Web with
                {
                    PostLogoutRedirectUris = ["https://app.example/*"],
                }
            },
            { "access_token_lifetime must be between 60 and 86400 seconds.", Web with { AccessTokenLifetime = 59 } },
            { "id_token_lifetime must be between 60 and 86400 seconds.", Web with { IdTokenLifetime = 86_401 } },
            {
                "refresh_token_lifetime must be between 3600 and 31622400 seconds.",
                Web with
                {
                    RefreshTokenLifetime = 0,
                }
            },
            { "default_max_age must be between 0 and 31622400 seconds.", Web with { DefaultMaxAge = -1 } },
            {
                "client_name must be 1 to 100 characters long, without control characters.",
                Web with
                {
                    ClientName = "a\nb",
                }
            },
            {
                "client_name must be 1 to 100 characters long, without control characters.",
                Web with
                {
                    ClientName = " ",
                }
            },
            { "contacts[0] must not be empty.", Web with { Contacts = [""] } },
            {
                "access_token_audience[0] must be an address or a name of 1 to 255 ASCII characters without spaces.",
                Web with
                {
                    AccessTokenAudience = ["a b"],
                }
            },
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    [Trait("oidc", "R8")]
    public void Each_mistake_has_a_sentence(string sentence, object metadata) =>
        Assert.Equal(
            [sentence],
            ClientMetadataRules.Check((ClientMetadata)metadata).Select(mistake => mistake.Sentence)
        );

    [Theory]
    [MemberData(nameof(Mistakes))]
    [Trait("oidc", "X2")]
    public void Every_sentence_may_stand_in_an_error_description(string sentence, object metadata)
    {
        Assert.NotNull(metadata);
        Assert.DoesNotContain(sentence, c => c is < ' ' or > '~' or '"' or '\\');
    }

    [Fact]
    public void All_mistakes_are_told_at_once() =>
        Assert.Equal(
            3,
            ClientMetadataRules.Check(Web with { RedirectUris = [], LogoUri = "x", AccessTokenLifetime = 1 }).Count
        );

    [Fact]
    public void The_algorithms_are_those_that_there_are_keys_for() =>
        Assert.Equal(KeySchedule.Algorithms, ClientMetadataRules.SigningAlgorithms);

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
