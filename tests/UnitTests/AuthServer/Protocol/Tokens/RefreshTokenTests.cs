using System.Buffers.Text;
using System.Security.Cryptography;
using AuthServer.Protocol.Tokens;

namespace UnitTests.AuthServer.Protocol.Tokens;

/// <summary>An opaque token that finds its row by itself and is kept only as a hash.</summary>
public sealed class RefreshTokenTests
{
    [Fact]
    public void It_is_read_back_with_its_grant_and_its_hash()
    {
        var token = RefreshToken.New(Guid.NewGuid());

        var read = RefreshToken.Read(token.Text)!;

        Assert.Equal(token.GrantId, read.GrantId);
        Assert.Equal(token.Hash, read.Hash);
        Assert.Equal(token.FamilyHash, read.FamilyHash);
        Assert.Equal(0, read.Generation);
        Assert.Equal(SHA256.HashData(Base64Url.DecodeFromChars(token.Text)), token.Hash);
    }

    [Fact]
    public void The_next_one_is_of_the_same_family_and_one_generation_on()
    {
        var token = RefreshToken.New(Guid.NewGuid());

        var next = RefreshToken.Read(token.Next("secret"u8).Text)!;

        Assert.Equal(token.GrantId, next.GrantId);
        Assert.Equal(token.FamilyHash, next.FamilyHash);
        Assert.Equal(1, next.Generation);
        Assert.NotEqual(token.Hash, next.Hash);
        Assert.NotEqual(token.FamilyHash, RefreshToken.New(token.GrantId).FamilyHash);
    }

    [Fact]
    public void The_next_one_follows_from_the_token_and_the_secret()
    {
        var token = RefreshToken.New(Guid.NewGuid());

        Assert.Equal(token.Next("secret"u8).Text, token.Next("secret"u8).Text);
        Assert.NotEqual(token.Next("secret"u8).Text, token.Next("another"u8).Text);
        Assert.NotEqual(token.Next("secret"u8).Text, RefreshToken.New(token.GrantId).Next("secret"u8).Text);
    }

    [Fact]
    [Trait("oidc", "X5")]
    [Trait("spec", "RFC 6749 10.10")]
    public void It_has_256_random_bits_beside_the_grants_id()
    {
        var id = Guid.NewGuid();

        var tokens = Enumerable.Range(0, 100).Select(_ => RefreshToken.New(id).Text).ToList();

        Assert.Equal(100, tokens.Distinct().Count());
        Assert.Equal(
            100,
            tokens
                .Select(token => Convert.ToHexString(Base64Url.DecodeFromChars(token).AsSpan(^32..)))
                .Distinct()
                .Count()
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("éAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Anything_of_another_shape_is_none(string text)
    {
        Assert.Null(RefreshToken.Read(text));
    }
}
