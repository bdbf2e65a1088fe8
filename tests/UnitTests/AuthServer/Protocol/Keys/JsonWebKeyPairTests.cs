using System.Text.Json;
using AuthServer.Protocol.Keys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace UnitTests.AuthServer.Protocol.Keys;

public sealed class JsonWebKeyPairTests
{
    [Theory]
    [Trait("oidc", "J1")]
    [Trait("spec", "RFC 7518 6")]
    [InlineData("RS256", "alg,e,kid,kty,n,use")]
    [InlineData("ES256", "alg,crv,kid,kty,use,x,y")]
    public void The_public_half_holds_nothing_else(string algorithm, string members)
    {
        var json = JsonDocument
            .Parse(JsonWebKeyPair.Write(JsonWebKeyPair.Make(algorithm).WithoutPrivateHalf()))
            .RootElement;

        Assert.Equal(
            members,
            string.Join(',', json.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal))
        );
        Assert.All(json.EnumerateObject(), m => Assert.Matches("^[A-Za-z0-9_-]+$", m.Value.GetString()));
        Assert.Equal(("sig", algorithm), (json.GetProperty("use").GetString(), json.GetProperty("alg").GetString()));
    }

    [Fact]
    [Trait("oidc", "J2")]
    [Trait("spec", "RFC 7638 3")]
    public void The_kid_is_the_thumbprint_so_that_two_keys_never_share_one()
    {
        var key = JsonWebKeyPair.Make("ES256");
        var canonical = $$"""{"crv":"P-256","kty":"EC","x":"{{key.X}}","y":"{{key.Y}}"}""";

        Assert.Equal(
            Base64UrlEncoder.Encode(
                System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(canonical))
            ),
            key.KeyId
        );
    }

    [Theory]
    [Trait("oidc", "J3")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task What_many_threads_sign_at_once_verifies_with_the_public_half(string algorithm)
    {
        var pair = JsonWebKeyPair.Make(algorithm);
        var credentials = new SigningCredentials(JsonWebKeyPair.Read(JsonWebKeyPair.Write(pair)), algorithm);
        var handler = new JsonWebTokenHandler();

        var tokens = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(thread =>
                    Task.Run(() =>
                        Enumerable
                            .Range(0, 40)
                            .Select(i => handler.CreateToken($$"""{"n":"{{thread}}-{{i}}"}""", credentials))
                            .ToList()
                    )
                )
        );

        var published = JsonWebKeyPair.Read(JsonWebKeyPair.Write(pair.WithoutPrivateHalf()));
        var rules = new TokenValidationParameters
        {
            IssuerSigningKey = published,
            ValidateAudience = false,
            ValidateIssuer = false,
            ValidateLifetime = false,
        };
        foreach (var token in tokens.SelectMany(t => t))
        {
            var result = await handler.ValidateTokenAsync(token, rules);
            Assert.True(result.IsValid, result.Exception?.Message);
            Assert.Equal(pair.KeyId, ((JsonWebToken)result.SecurityToken).Kid);
        }
    }

    [Fact]
    public void Signature_providers_are_kept_for_the_next_token()
    {
        var key = JsonWebKeyPair.Read(JsonWebKeyPair.Write(JsonWebKeyPair.Make("ES256")));

        var first = key.CryptoProviderFactory.CreateForSigning(key, "ES256");
        key.CryptoProviderFactory.ReleaseSignatureProvider(first);
        var second = key.CryptoProviderFactory.CreateForSigning(key, "ES256");

        Assert.Same(first, second);
    }
}
