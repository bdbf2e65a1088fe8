using System.Net;
using System.Text.Json.Nodes;
using TestSupport;

namespace ProtocolTests.Token;

/// <summary>Clients authenticate by an assertion that they sign with their own key (OIDC Core §9, RFC 7523).</summary>
[Trait("oidc", "T1")]
[Trait("oidc", "T2")]
[Trait("spec", "RFC 7523 3")]
public sealed class PrivateKeyJwtTests(ClockedServer clocked) : IClassFixture<ClockedServer>
{
    private const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly AuthServerFixture server = clocked.Server;

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Every_offered_algorithm_works(string algorithm)
    {
        using var key = new ClientKey(algorithm);
        var client = await server.Given.ClientAsync(ClientKey.Service(key));

        Assert.NotEmpty((await AskAsync(key.Sign(Claims(client)))).AccessToken());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("JWT")]
    [InlineData("client-authentication+jwt")]
    public async Task The_type_may_be_absent_general_or_its_own(string? type)
    {
        using var key = new ClientKey();
        var client = await server.Given.ClientAsync(ClientKey.Service(key));

        (await AskAsync(key.Sign(Claims(client), type))).Ok();
    }

    [Fact]
    [Trait("spec", "RFC 8725 3.11")]
    public async Task A_token_of_another_type_is_no_assertion()
    {
        using var key = new ClientKey();
        var client = await server.Given.ClientAsync(ClientKey.Service(key));

        Refused(await AskAsync(key.Sign(Claims(client), "at+jwt")));
    }

    [Fact]
    [Trait("oidc", "R4")]
    [Trait("spec", "OIDC Registration 2")]
    public async Task Keys_without_a_kid_are_all_tried()
    {
        using var first = new ClientKey("RS256", keyId: null);
        using var second = new ClientKey("ES256", keyId: null);
        using var third = new ClientKey("ES256", keyId: null);
        var client = await server.Given.ClientAsync(ClientKey.Service(first, second, third));

        (await AskAsync(third.Sign(Claims(client)))).Ok();
        (await AskAsync(first.Sign(Claims(client)))).Ok();
    }

    [Fact]
    [Trait("spec", "OIDC Registration 2")]
    public async Task The_registered_algorithm_is_the_only_one()
    {
        using var key = new ClientKey("PS256");
        var client = await server.Given.ClientAsync(
            ClientKey.Service(key) with
            {
                TokenEndpointAuthSigningAlg = "PS256",
            }
        );

        (await AskAsync(key.Sign(Claims(client)))).Ok();
        Refused(await AskAsync(key.Sign(Claims(client), algorithm: "RS256")));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [Trait("spec", "RFC 8725 3.1")]
    public async Task No_algorithm_and_algorithms_with_a_shared_key_are_refused(string algorithm)
    {
        using var key = new ClientKey("RS256");
        var client = await server.Given.ClientAsync(ClientKey.Service(key));

        Refused(await AskAsync(key.Sign(Claims(client), algorithm: algorithm)));
    }

    [Fact]
    public async Task Another_key_proves_nothing()
    {
        using var key = new ClientKey();
        using var forged = new ClientKey();
        var client = await server.Given.ClientAsync(ClientKey.Service(key));

        Refused(await AskAsync(forged.Sign(Claims(client))));
    }

    [Fact]
    public async Task The_issuer_and_the_token_endpoint_are_audiences()
    {
        using var key = new ClientKey();
        var client = await server.Given.ClientAsync(ClientKey.Service(key));

        (await AskAsync(key.Sign(Claims(client)))).Ok();
        (await AskAsync(key.Sign(Claims(client, "aud", server.Issuer + RelyingParty.TokenPath)))).Ok();
        (
            await AskAsync(
                key.Sign(Claims(client, "aud", new JsonArray(server.Issuer, server.Issuer + RelyingParty.TokenPath)))
            )
        ).Ok();
    }

    [Fact]
    [Trait("spec", "RFC 9126 2")]
    public async Task The_endpoint_that_is_called_is_an_audience()
    {
        using var key = new ClientKey();
        var client = await server.Given.ClientAsync(ClientKey.Service(key));

        var page = await PostAsync(
            "/connect/introspect",
            key.Sign(Claims(client, "aud", server.Issuer + "/connect/introspect")),
            new() { ["token"] = "unknown" }
        );

        Assert.False(page.Ok().Json.GetProperty("active").GetBoolean());
        Refused(await AskAsync(key.Sign(Claims(client, "aud", server.Issuer + "/connect/introspect"))));
    }

    [Theory]
    [InlineData("""{ "aud": "https://another.example" }""")]
    [InlineData("""{ "aud": ["https://another.example"] }""")]
    [InlineData("""{ "aud": [] }""")]
    [InlineData("""{ "aud": null }""")]
    [InlineData("""{ "aud": 7 }""")]
    [InlineData("""{ "iss": null }""")]
    [InlineData("""{ "iss": "another" }""")]
    [InlineData("""{ "sub": null }""")]
    [InlineData("""{ "sub": "another" }""")]
    [InlineData("""{ "jti": null }""")]
    [InlineData("""{ "jti": "" }""")]
    [InlineData("""{ "exp": null }""")]
    [InlineData("""{ "exp": "soon" }""")]
    [InlineData("""{ "exp": 1e300 }""")]
    [InlineData("""{ "exp": 99999999999999 }""")]
    [InlineData("""{ "exp": -99999999999999 }""")]
    [InlineData("""{ "iat": -99999999999999 }""")]
    [InlineData("""{ "iat": "now" }""")]
    [InlineData("""{ "nbf": 99999999999999999999 }""")]
    public async Task Missing_and_odd_claims_are_refused(string change)
    {
        using var key = new ClientKey();
        var client = await server.Given.ClientAsync(ClientKey.Service(key));
        var claims = Claims(client);
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            claims.Remove(name);
            if (value is not null)
            {
                claims[name] = value.DeepClone();
            }
        }

        Refused(await AskAsync(key.Sign(claims)));
    }

    [Fact]
    public async Task One_of_several_audiences_is_not_enough()
    {
        using var key = new ClientKey();
        var client = await server.Given.ClientAsync(ClientKey.Service(key));

        Refused(
            await AskAsync(key.Sign(Claims(client, "aud", new JsonArray(server.Issuer, "https://another.example"))))
        );
    }

    [Theory]
    [InlineData("exp", 599, true)]
    [InlineData("exp", 601, false)]
    [InlineData("exp", 0, false)]
    [InlineData("exp", -300, false)]
    [InlineData("iat", 9, true)]
    [InlineData("iat", 62, false)]
    [InlineData("nbf", 9, true)]
    [InlineData("nbf", 62, false)]
    [Trait("oidc", "X8")]
    [Trait("spec", "FAPI 2.0 5.3.2.1")]
    public async Task Times_are_held_to_the_second(string claim, int seconds, bool accepted)
    {
        using var key = new ClientKey();
        var client = await server.Given.ClientAsync(ClientKey.Service(key));

        var page = await AskAsync(key.Sign(Claims(client, claim, server.Now.ToUnixTimeSeconds() + seconds)));

        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, page.Status);
    }

    [Fact]
    public async Task An_assertion_is_used_once_and_its_id_is_the_clients_own()
    {
        using var key = new ClientKey();
        var client = await server.Given.ClientAsync(ClientKey.Service(key));
        var another = await server.Given.ClientAsync(ClientKey.Service(key));
        var jti = Guid.NewGuid().ToString();

        (await AskAsync(key.Sign(Claims(client, "jti", jti)))).Ok();
        Refused(await AskAsync(key.Sign(Claims(client, "jti", jti))));
        (await AskAsync(key.Sign(Claims(another, "jti", jti)))).Ok();
    }

    [Fact]
    public async Task The_client_id_need_not_be_sent_and_must_be_the_same()
    {
        using var key = new ClientKey();
        var client = await server.Given.ClientAsync(ClientKey.Service(key));
        var another = await server.Given.ClientAsync(ClientKey.Service(key));

        (await AskAsync(key.Sign(Claims(client)), new() { ["client_id"] = client.ClientId })).Ok();
        Refused(await AskAsync(key.Sign(Claims(client)), new() { ["client_id"] = another.ClientId }));
    }

    [Fact]
    public async Task A_name_that_is_there_twice_does_not_make_one_client_another()
    {
        using var key = new ClientKey();
        using var own = new ClientKey();
        var victim = await server.Given.ClientAsync(ClientKey.Service(own));
        var client = await server.Given.ClientAsync(ClientKey.Service(key));
        var claims = Claims(client).ToJsonString();
        var twice = (string name) => $"\"{name}\":\"{victim.ClientId}\"";

        Refused(
            await AskAsync(
                key.Sign($"{{{twice("iss")},{twice("sub")},{claims[1..]}"),
                new() { ["client_id"] = victim.ClientId }
            )
        );
        Refused(await AskAsync(key.Sign($"{claims[..^1]},{twice("iss")},{twice("sub")}}}")));
    }

    [Fact]
    public async Task A_client_with_a_secret_cannot_use_an_assertion_and_the_reverse()
    {
        using var key = new ClientKey();
        var keyed = await server.Given.ClientAsync(ClientKey.Service(key));
        var secret = await server.Given.ClientAsync(
            ClientKey.Service(key) with
            {
                TokenEndpointAuthMethod = "client_secret_post",
            }
        );

        Refused(await AskAsync(key.Sign(Claims(secret))));
        Refused(await SendAsync(new() { ["client_id"] = keyed.ClientId }));
        Refused(await SendAsync(new() { ["client_id"] = keyed.ClientId, ["client_secret"] = secret.Secret! }));
    }

    [Fact]
    [Trait("spec", "RFC 6749 2.3")]
    public async Task A_secret_beside_the_assertion_is_refused()
    {
        using var key = new ClientKey();
        var client = await server.Given.ClientAsync(ClientKey.Service(key));

        (await AskAsync(key.Sign(Claims(client)), new() { ["client_secret"] = "secret" })).IsError("invalid_request");
    }

    [Theory]
    [InlineData("urn:ietf:params:oauth:client-assertion-type:saml2-bearer")]
    [InlineData("jwt")]
    [InlineData("")]
    [Trait("spec", "RFC 7521 4.2")]
    public async Task Another_type_of_assertion_is_refused(string type)
    {
        using var key = new ClientKey();
        var client = await server.Given.ClientAsync(ClientKey.Service(key));

        Refused(await AskAsync(key.Sign(Claims(client)), new() { ["client_assertion_type"] = type }));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.W10.AA")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.bnVsbA.AA")]
    [InlineData("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0....")]
    public async Task What_is_no_jwt_is_refused(string assertion) => Refused(await AskAsync(assertion));

    [Fact]
    [Trait("spec", "RFC 9126 2")]
    public async Task It_works_at_every_endpoint_where_clients_authenticate()
    {
        using var key = new ClientKey();
        var client = await server.Given.ClientAsync(
            ClientKey.Service(key) with
            {
                GrantTypes = ["authorization_code"],
                RedirectUris = [Given.RedirectUri],
            }
        );

        var pushed = await PostAsync(
            "/connect/par",
            key.Sign(Claims(client)),
            new()
            {
                ["client_id"] = client.ClientId,
                ["response_type"] = "code",
                ["redirect_uri"] = Given.RedirectUri,
                ["scope"] = "reports:read",
                ["code_challenge"] = new string('a', 43),
                ["code_challenge_method"] = "S256",
            }
        );
        Assert.True(pushed.Status == HttpStatusCode.Created, pushed.ToString());
        (await PostAsync("/connect/revoke", key.Sign(Claims(client)), new() { ["token"] = "unknown" })).Ok();
        (await PostAsync("/connect/introspect", key.Sign(Claims(client)), new() { ["token"] = "unknown" })).Ok();
    }

    [Fact]
    [Trait("spec", "OIDC Discovery 3")]
    public async Task Discovery_offers_it_with_its_algorithms()
    {
        using var browser = server.NewBrowser();

        var document = (await browser.GetAsync("/.well-known/openid-configuration")).Ok().Json;

        Assert.Contains(
            "private_key_jwt",
            document.GetProperty("token_endpoint_auth_methods_supported").EnumerateArray().Select(m => m.GetString())
        );
        Assert.Equal(
            ["RS256", "PS256", "ES256"],
            document
                .GetProperty("token_endpoint_auth_signing_alg_values_supported")
                .EnumerateArray()
                .Select(m => m.GetString())
        );
    }

    private static void Refused(Page page) => page.IsError("invalid_client", HttpStatusCode.Unauthorized);

    private JsonObject Claims(GivenClient client, string? name = null, JsonNode? value = null)
    {
        var claims = ClientKey.Claims(client.ClientId, server.Issuer, server.Now);
        if (name is not null)
        {
            claims[name] = value;
        }

        return claims;
    }

    private Task<Page> AskAsync(string assertion, Dictionary<string, string>? more = null) =>
        PostAsync(RelyingParty.TokenPath, assertion, new(more ?? []) { ["grant_type"] = "client_credentials" });

    private Task<Page> PostAsync(string path, string assertion, Dictionary<string, string> fields)
    {
        fields["client_assertion"] = assertion;
        fields.TryAdd("client_assertion_type", Type);
        return SendAsync(fields, path);
    }

    private async Task<Page> SendAsync(Dictionary<string, string> fields, string path = RelyingParty.TokenPath)
    {
        if (path == RelyingParty.TokenPath)
        {
            fields.TryAdd("grant_type", "client_credentials");
        }

        using var app = server.NewBrowser();
        return await app.PostAsync(path, fields);
    }
}
