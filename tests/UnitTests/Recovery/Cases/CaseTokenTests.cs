using System.Security.Cryptography;
using Recovery.Cases;

namespace UnitTests.Recovery.Cases;

public sealed class CaseTokenTests
{
    [Fact]
    public void A_token_is_found_by_the_hash_of_its_bytes_and_by_no_other_spelling()
    {
        var token = CaseToken.New();

        Assert.Equal(43, token.Text.Length);
        Assert.Equal(token.Hash, CaseToken.HashOf(token.Text));
        Assert.Equal(SHA256.HashSizeInBytes, token.Hash.Length);
        Assert.Single(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
            last => CaseToken.HashOf(token.Text[..^1] + last)?.SequenceEqual(token.Hash) == true
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_not_shaped_like_a_token_has_no_hash(string? text) => Assert.Null(CaseToken.HashOf(text));

    [Fact]
    public void A_reference_has_nothing_in_it_that_could_be_misread()
    {
        var references = Enumerable.Range(0, 1000).Select(_ => CaseToken.NewReference()).ToList();

        Assert.Equal(1000, references.Distinct().Count());
        Assert.All(references, reference => Assert.Matches("^[0-9A-HJKMNP-TV-Z]{8}$", reference));
    }
}
