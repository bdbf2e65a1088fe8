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
        Assert.Equal(SHA256.HashData(Base64Url.DecodeFromChars(token.Text)), token.Hash);
    }

    [Fact]
    [Trait("oidc", "X5")]
    [Trait("spec", "RFC 6749 10.10")]
    public void It_has_256_random_bits_beside_the_grants_id()
    {
        var id = Guid.NewGuid();

        var tokens = Enumerable.Range(0, 100).Select(_ => RefreshToken.New(id).Text).ToList();

        Assert.Equal(100, tokens.Distinct().Count());
        Assert.All(tokens, token => Assert.Equal(16 + 32, Base64Url.DecodeFromChars(token).Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("éAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Anything_of_another_shape_is_none(string text)
    {
        Assert.Null(RefreshToken.Read(text));
    }
}
