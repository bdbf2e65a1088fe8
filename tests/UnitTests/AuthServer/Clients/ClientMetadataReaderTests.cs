using System.Text.Json;
using AuthServer.Clients;

namespace UnitTests.AuthServer.Clients;

[Trait("spec", "RFC 7591 2")]
public sealed class ClientMetadataReaderTests
{
    [Fact]
    public void Members_are_read_by_their_registered_names()
    {
        var (client, mistakes) = Read(
            """
            { "client_id": "web", "client_secret": "s", "client_name": "Web", "redirect_uris": ["https://app.example/cb"],
              "require_pkce": false, "access_token_lifetime": 300, "scope": "openid" }
            """
        );

        Assert.Empty(mistakes);
        Assert.NotNull(client);
        Assert.Equal(("web", "s"), (client.ClientId, client.ClientSecret));
        Assert.Equal(
            ("Web", false, 300, "openid"),
            (
                client.Metadata.ClientName,
                client.Metadata.RequirePkce,
                client.Metadata.AccessTokenLifetime,
                client.Metadata.Scope
            )
        );
        Assert.Equal(["https://app.example/cb"], client.Metadata.RedirectUris);
    }

    [Fact]
    public void What_is_left_out_or_null_gets_its_default()
    {
        var (client, mistakes) = Read("""{ "grant_types": null, "logo_uri": null }""");

        Assert.Empty(mistakes);
        Assert.Equal(["authorization_code"], client?.Metadata.GrantTypes);
        Assert.Null(client?.Metadata.TokenEndpointAuthMethod);
    }

    [Fact]
    public void Unknown_members_are_ignored()
    {
        var (client, mistakes) = Read(
            """{ "client_name": "A", "client_name#cy": "B", "x": { "y": [1] }, "is_public": true }"""
        );

        Assert.Empty(mistakes);
        Assert.Equal("A", client?.Metadata.ClientName);
    }

    [Theory]
    [InlineData("""{ "client_name": 1 }""", "client_name must be a string.")]
    [InlineData("""{ "client_id": 1 }""", "client_id must be a string.")]
    [InlineData("""{ "redirect_uris": "https://app.example/cb" }""", "redirect_uris must be an array of strings.")]
    [InlineData("""{ "grant_types": ["a", null] }""", "grant_types must be an array of strings.")]
    [InlineData("""{ "client_name": "\ud800" }""", "client_name must be a string.")]
    [InlineData("""{ "client_secret": "\ud800" }""", "client_secret must be a string.")]
    [InlineData("""{ "redirect_uris": ["https://\udfff.example/cb"] }""", "redirect_uris must be an array of strings.")]
    [InlineData("""{ "\ud800": 1 }""", "The name of a member must be text: half a character stands in it.")]
    [InlineData("""{ "jwks": "{}" }""", "jwks must be an object.")]
    [InlineData("""{ "jwks": { "keys": [{ "kid": "\ud800" }] } }""", "jwks must be an object.")]
    [InlineData("""{ "require_pkce": "true" }""", "require_pkce must be true or false.")]
    [InlineData("""{ "default_max_age": 1.5 }""", "default_max_age must be a whole number.")]
    [InlineData("""{ "default_max_age": 99999999999 }""", "default_max_age must be a whole number.")]
    [InlineData(
        """{ "dpop_bound_access_tokens": true }""",
        "dpop_bound_access_tokens must not be true: this is not offered."
    )]
    [InlineData("""{ "subject_type": "pairwise" }""", "subject_type must not be pairwise: this is not offered.")]
    [InlineData(
        """{ "id_token_encrypted_response_alg": "RSA-OAEP" }""",
        "id_token_encrypted_response_alg must not be set: encryption is not offered."
    )]
    [InlineData("""[]""", "The metadata must be a JSON object.")]
    [InlineData("""null""", "The metadata must be a JSON object.")]
    public void A_wrong_type_is_named(string json, string sentence)
    {
        var (client, mistakes) = Read(json);

        Assert.Null(client);
        Assert.Equal([sentence], mistakes.Select(mistake => mistake.Sentence));
    }

    [Fact]
    public void A_wrong_type_of_redirect_URIs_has_the_code_of_redirect_URIs() =>
        Assert.Equal("invalid_redirect_uri", Assert.Single(Read("""{ "redirect_uris": 1 }""").Mistakes).Code);

    private static (DescribedClient? Client, IReadOnlyList<MetadataMistake> Mistakes) Read(string json) =>
        ClientMetadataReader.Read(JsonSerializer.Deserialize<JsonElement>(json));
}
