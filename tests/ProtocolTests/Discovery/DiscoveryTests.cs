using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthServer.Protocol.Discovery;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Discovery;

/// <summary>What the server says about itself (OIDC Discovery §3, RFC 8414 §2), over https as in production.</summary>
[Trait("spec", "OIDC Discovery 3")]
public sealed partial class DiscoveryTests(HttpsServer https) : IClassFixture<HttpsServer>
{
    private const string Path = "/.well-known/openid-configuration";

    private readonly AuthServerFixture server = https.Server;

    [Theory]
    [InlineData(Path)]
    [InlineData("/.well-known/oauth-authorization-server")]
    [Trait("oidc", "D1")]
    [Trait("oidc", "X3")]
    [Trait("oidc", "X4")]
    [Trait("oidc", "N8")]
    [Trait("spec", "OIDC Discovery 4.3")]
    [Trait("spec", "RFC 8414 3.3")]
    public async Task The_issuer_is_the_address_without_the_well_known_part(string path)
    {
        using var browser = server.NewBrowser();

        var page = (await browser.GetAsync(path)).Ok();
        var issuer = new Uri(page.Json.GetProperty("issuer").GetString()!);

        Assert.Equal("application/json", page.Headers["Content-Type"]);
        Assert.Equal(server.Issuer, page.Json.GetProperty("issuer").GetString());
        Assert.Equal("https", issuer.Scheme);
        Assert.Equal(("", "", ""), (issuer.Query, issuer.Fragment, issuer.UserInfo));
    }

    [Theory]
    [InlineData("authorization_endpoint")]
    [InlineData("token_endpoint")]
    [InlineData("userinfo_endpoint")]
    [InlineData("jwks_uri")]
    [InlineData("end_session_endpoint")]
    [InlineData("introspection_endpoint")]
    [InlineData("revocation_endpoint")]
    [Trait("oidc", "D2")]
    [Trait("oidc", "D14")]
    [Trait("oidc", "D15")]
    [Trait("oidc", "V1")]
    [Trait("oidc", "X1")]
    public async Task It_names_the_endpoint_by_an_https_address_that_answers(string name)
    {
        using var browser = server.NewBrowser();
        var url = (await DocumentAsync()).GetProperty(name).GetString()!;

        var page = await browser.GetAsync(url);

        Assert.StartsWith(server.Issuer + "/", url, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.NotFound, page.Status);
        Assert.InRange((int)page.Status, 200, 499);
    }

    [Theory]
    [InlineData("D3", "response_types_supported", "code")]
    [InlineData(
        "D4",
        "grant_types_supported",
        "authorization_code refresh_token client_credentials urn:ietf:params:oauth:grant-type:device_code urn:ietf:params:oauth:grant-type:token-exchange"
    )]
    [InlineData("D5", "subject_types_supported", "public")]
    [InlineData("D6", "id_token_signing_alg_values_supported", "RS256 ES256")]
    [InlineData("D7", "userinfo_signing_alg_values_supported", "RS256 ES256")]
    [InlineData("D8", "scopes_supported", "openid profile email phone address professional offline_access")]
    [InlineData("D12", "code_challenge_methods_supported", "S256")]
    [InlineData("D13", "ui_locales_supported", "en-GB")]
    [InlineData("D17", "acr_values_supported", "https://refeds.org/profile/sfa")]
    [InlineData("A4", "response_modes_supported", "query form_post")]
    [Trait("oidc", "D3")]
    [Trait("oidc", "D4")]
    [Trait("oidc", "D5")]
    [Trait("oidc", "D6")]
    [Trait("oidc", "D7")]
    [Trait("oidc", "D8")]
    [Trait("oidc", "D12")]
    [Trait("oidc", "D13")]
    [Trait("oidc", "D17")]
    public async Task The_list_is_what_the_server_does(string item, string name, string values)
    {
        var list = Strings(await DocumentAsync(), name);

        Assert.True(
            values.Split(' ').Order().SequenceEqual(list.Order()),
            $"{item}: {name} is {string.Join(' ', list)}"
        );
    }

    [Theory]
    [InlineData("token_endpoint_auth_methods_supported", "client_secret_basic client_secret_post none private_key_jwt")]
    [InlineData(
        "revocation_endpoint_auth_methods_supported",
        "client_secret_basic client_secret_post none private_key_jwt"
    )]
    [InlineData(
        "introspection_endpoint_auth_methods_supported",
        "client_secret_basic client_secret_post private_key_jwt"
    )]
    [Trait("oidc", "D11")]
    public async Task Clients_learn_how_they_may_authenticate_and_where_a_public_client_may_not(
        string name,
        string methods
    )
    {
        Assert.Equal(methods.Split(' '), Strings(await DocumentAsync(), name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Path)]
    [InlineData("/.well-known/oauth-authorization-server")]
    [Trait("oidc", "X3")]
    [Trait("spec", "RFC 9111 5.2.2")]
    public async Task It_may_be_kept_for_five_minutes_and_is_made_once(string path)
    {
        using var browser = server.NewBrowser();
        var endpoint = server.Services.GetRequiredService<DiscoveryEndpoint>();

        var first = (await browser.GetAsync(path)).Ok();
        var made = endpoint.Document;
        var again = (await browser.GetAsync(path)).Ok();

        Assert.Equal("public, max-age=300", first.Headers["Cache-Control"]);
        Assert.Equal("public, max-age=300", again.Headers["Cache-Control"]);
        Assert.NotNull(made);
        Assert.Same(made, endpoint.Document);
    }

    [Fact]
    [Trait("oidc", "D9")]
    [Trait("oidc", "D18")]
    [Trait("spec", "OIDC Core 5.1")]
    public async Task Every_standard_claim_is_listed_once()
    {
        var claims = Strings(await DocumentAsync(), "claims_supported");

        Assert.Equal(claims.Count, claims.Distinct().Count());
        Assert.Subset(
            claims.ToHashSet(),
            (
                "sub name given_name family_name middle_name nickname preferred_username profile picture website email email_verified "
                + "gender birthdate zoneinfo locale phone_number phone_number_verified address updated_at acr amr auth_time sid"
            )
                .Split(' ')
                .ToHashSet()
        );
    }

    [Theory]
    [InlineData("D10", "request_parameter_supported", false)]
    [InlineData("D10", "request_uri_parameter_supported", false)]
    [InlineData("D16", "authorization_response_iss_parameter_supported", true)]
    [InlineData("D18", "claims_parameter_supported", true)]
    [InlineData("D15", "backchannel_logout_supported", true)]
    [InlineData("D15", "backchannel_logout_session_supported", true)]
    [Trait("oidc", "D10")]
    [Trait("oidc", "D16")]
    [Trait("oidc", "D18")]
    [Trait("spec", "RFC 9207 3")]
    public async Task The_flag_is_a_boolean_and_true_to_what_the_server_does(string item, string name, bool value)
    {
        var flag = (await DocumentAsync()).GetProperty(name);

        Assert.True(flag.ValueKind == (value ? JsonValueKind.True : JsonValueKind.False), $"{item}: {name}");
    }

    [Fact]
    [Trait("oidc", "D14")]
    [Trait("oidc", "D8")]
    [Trait("oidc", "D13")]
    [Trait("spec", "RFC 8414 2")]
    public async Task Every_member_has_the_type_its_name_promises()
    {
        foreach (var member in (await DocumentAsync()).EnumerateObject())
        {
            if (member.Name.EndsWith("_supported", StringComparison.Ordinal))
            {
                Assert.True(
                    member.Value.ValueKind is JsonValueKind.Array or JsonValueKind.True or JsonValueKind.False,
                    member.Name
                );
                if (member.Value.ValueKind == JsonValueKind.Array)
                {
                    Assert.All(member.Value.EnumerateArray(), value => Assert.Matches(Token(), value.GetString()));
                }
            }
            else if (
                member.Name is "require_pushed_authorization_requests" or "tls_client_certificate_bound_access_tokens"
            )
            {
                Assert.True(member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False, member.Name);
            }
            else
            {
                Assert.True(
                    Uri.TryCreate(member.Value.GetString(), UriKind.Absolute, out var uri) && uri.Scheme == "https",
                    member.Name
                );
            }
        }
    }

    [Fact]
    [Trait("oidc", "D1")]
    [Trait("oidc", "N5")]
    [Trait("spec", "RFC 9110 9.3.2")]
    public async Task Head_is_answered_like_get_without_a_body()
    {
        using var browser = server.NewBrowser();

        foreach (var path in new[] { Path, "/.well-known/jwks.json" })
        {
            var page = (await browser.SendAsync(new HttpRequestMessage(HttpMethod.Head, path))).Ok();
            Assert.Equal("", page.Body);
            Assert.Equal((await browser.GetAsync(path)).Headers["Content-Length"], page.Headers["Content-Length"]);
        }
    }

    private static List<string> Strings(JsonElement document, string name) =>
        [.. document.GetProperty(name).EnumerateArray().Select(value => value.GetString()!)];

    private async Task<JsonElement> DocumentAsync()
    {
        using var browser = server.NewBrowser();
        return (await browser.GetAsync(Path)).Ok().Json;
    }

    /// <summary>A scope-token of RFC 6749 §3.3, which every value here is.</summary>
    [GeneratedRegex(@"\A[\x21\x23-\x5B\x5D-\x7E]+\z")]
    private static partial Regex Token();
}
