using System.Buffers.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using TestSupport;

namespace ProtocolTests.Discovery;

/// <summary>The published keys are the ones that sign, and strong enough (OIDC Core §10.1, RFC 7518 §3).</summary>
public sealed class SigningKeysInUseTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    private const string Path = "/.well-known/jwks.json";

    [Fact]
    [Trait("oidc", "J1")]
    [Trait("oidc", "J5")]
    [Trait("oidc", "J6")]
    [Trait("spec", "RFC 7518 3.3")]
    public async Task Rsa_keys_have_2048_bits_and_elliptic_ones_are_on_P_256()
    {
        using var browser = server.NewBrowser();

        var keys = (await browser.GetAsync(Path)).Ok().Json.GetProperty("keys").EnumerateArray().ToList();

        var rsa = Assert.Single(keys, key => key.GetProperty("kty").GetString() == "RSA");
        var ec = Assert.Single(keys, key => key.GetProperty("kty").GetString() == "EC");
        Assert.Equal(256, Base64Url.DecodeFromChars(rsa.GetProperty("n").GetString()).Length);
        Assert.Equal(("RS256", "ES256", "P-256"), (Text(rsa, "alg"), Text(ec, "alg"), Text(ec, "crv")));
        Assert.Equal(32, Base64Url.DecodeFromChars(ec.GetProperty("x").GetString()).Length);

        static string Text(System.Text.Json.JsonElement key, string member) => key.GetProperty(member).GetString()!;
    }

    [Fact]
    [Trait("oidc", "J3")]
    [Trait("spec", "OIDC Core 10.1")]
    public async Task Every_token_names_the_key_it_was_signed_with()
    {
        using var browser = await server.NewPersonAsync();
        var app = await server.Given.RelyingPartyAsync();

        var tokens = await app.SignInAsync(browser);
        var kids = (await browser.GetAsync(Path))
            .Ok()
            .Json.GetProperty("keys")
            .EnumerateArray()
            .ToDictionary(key => key.GetProperty("kid").GetString()!, key => key.GetProperty("alg").GetString());

        Assert.Equal("RS256", kids[tokens.Claims.Kid]);
        Assert.Equal("ES256", kids[new JsonWebToken(tokens.AccessToken).Kid]);
    }
}
