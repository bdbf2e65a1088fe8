using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Clients;
using FsCheck;
using FsCheck.Fluent;

namespace UnitTests.AuthServer.Clients;

[Trait("spec", "RFC 7517 5")]
public sealed class ClientKeysTests
{
    private const string Ec =
        """{ "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" }""";

    [Theory]
    [InlineData("[]", " must be a JWK set (RFC 7517) of 1 to 20 keys.")]
    [InlineData("""{ "keys": {} }""", " must be a JWK set (RFC 7517) of 1 to 20 keys.")]
    [InlineData("""{ "keys": [1] }""", ".keys[0] must be a JSON object.")]
    [InlineData(
        """{ "keys": [{ "kty": "oct", "k": "AAAA" }] }""",
        ".keys[0] must be a public key: it holds private members. Anyone who has seen it can sign with it, so make another."
    )]
    [InlineData(
        """{ "keys": [{ "kty": "EC", "d": "AAAA" }] }""",
        ".keys[0] must be a public key: it holds private members. Anyone who has seen it can sign with it, so make another."
    )]
    [InlineData(
        """{ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "AAAA" }] }""",
        ".keys[0] must have kty RSA or EC."
    )]
    [InlineData(
        """{ "keys": [{ "kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA" }] }""",
        ".keys[0] must have crv P-256, P-384 or P-521, and x and y of its length in base64url."
    )]
    [InlineData(
        """{ "keys": [{ "kty": "RSA", "n": "AAAA", "e": "AQAB" }] }""",
        ".keys[0] must have n and e in base64url, with a modulus of 2048 bits or more."
    )]
    [InlineData("""{ "keys": [{ "kty": 1 }] }""", ".keys[0] must have a string as kty.")]
    [InlineData("""{ "keys": [{ "kty": "EC", "x5c": [1] }] }""", ".keys[0] must have an array of strings as x5c.")]
    public void What_is_wrong_with_a_key_is_named(string jwks, string sentence) =>
        Assert.Equal([sentence], ClientKeys.Mistakes(JsonSerializer.Deserialize<JsonElement>(jwks)));

    [Fact]
    public void Keys_are_read_and_written_with_their_public_members()
    {
        var jwks = JsonSerializer.Deserialize<JsonElement>(
            $$"""{ "keys": [{{Ec[..^1]}}, "kid": "k1", "alg": "ES256", "use": "sig", "x5c": ["MIIB"], "unknown": { "a": 1 } }] }"""
        );

        var written = ClientKeys.Write(ClientKeys.Read(jwks));

        Assert.Empty(ClientKeys.Mistakes(jwks));
        var key = written.GetProperty("keys")[0];
        Assert.Equal("k1", key.GetProperty("kid").GetString());
        Assert.Equal("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", key.GetProperty("x").GetString());
        Assert.Equal("MIIB", key.GetProperty("x5c")[0].GetString());
        Assert.False(key.TryGetProperty("unknown", out _));
        Assert.True(JsonElement.DeepEquals(written, ClientKeys.Write(ClientKeys.Read(written))));
    }

    [Fact]
    public void A_key_set_that_has_no_mistakes_can_be_read_whatever_else_it_holds() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2_000),
            Prop.ForAll(
                Mangled.ToArbitrary(),
                text =>
                {
                    var jwks = JsonSerializer.Deserialize<JsonElement>(text);
                    return ClientKeys.Mistakes(jwks).Any() || ClientKeys.Read(jwks).Keys.Count > 0;
                }
            )
        );

    private static readonly Gen<JsonNode?> Value = Gen.Frequency(
        (
            4,
            Gen.Elements("EC", "RSA", "P-256", "AQAB", "", "A", "=", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
                .Select(text => (JsonNode?)text)
        ),
        (
            1,
            Gen.Elements<Func<JsonNode?>>(
                    () => null,
                    () => 1,
                    () => true,
                    () => new JsonArray("MIIB", null),
                    () => new JsonObject()
                )
                .Select(make => make())
        )
    );

    private static readonly Gen<string> Mangled = Gen.Elements(
            "kty",
            "use",
            "alg",
            "kid",
            "x5t",
            "x5c",
            "n",
            "e",
            "crv",
            "x",
            "y",
            "d",
            "other"
        )
        .SelectMany(member => Value.Select(value => (Member: member, Value: value?.ToJsonString() ?? "null")))
        .ListOf()
        .Select(members =>
        {
            var key = JsonNode.Parse(Ec)!.AsObject();
            foreach (var (member, value) in members)
            {
                key[member] = JsonNode.Parse(value);
            }

            return new JsonObject { ["keys"] = new JsonArray(key) }.ToJsonString();
        });
}
