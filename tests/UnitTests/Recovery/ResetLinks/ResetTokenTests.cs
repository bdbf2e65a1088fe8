using Recovery.ResetLinks;

namespace UnitTests.Recovery.ResetLinks;

public sealed class ResetTokenTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    [Theory]
    [InlineData("AzHJSCVnmd294oT5iD-XGgfZ9666YLQOXnT6P63sh39")]
    [InlineData("azhjscvnmd294ot5id-xggfz9666ylqoxnt6p63sh38")]
    [InlineData("AzHJSCVnmd294oT5iD-XGgfZ9666YLQOXnT6P63sh3=")]
    [InlineData("AzHJSCVnmd294oT5iD/XGgfZ9666YLQOXnT6P63sh38")]
    [InlineData("AzHJSCVnmd294oT5iD+XGgfZ9666YLQOXnT6P63sh38")]
    [InlineData("AzHJSCVnmd294oT5iD-XGgfZ9666YLQOXnT6P63sh3\uD83D")]
    [InlineData("AzHJSCVnmd294oT5iD XGgfZ9666YLQOXnT6P63sh38")]
    [InlineData("\0zHJSCVnmd294oT5iD-XGgfZ9666YLQOXnT6P63sh38")]
    [InlineData("")]
    [InlineData(null)]
    public void Text_that_is_not_the_token_never_throws(string? text)
    {
        var (_, hash) = ResetToken.New();

        Assert.NotEqual(hash, ResetToken.HashOf(text));
    }

    [Fact]
    public void Only_one_of_the_64_possible_last_characters_is_right()
    {
        var (text, hash) = ResetToken.New();

        Assert.Single(Alphabet, last => ResetToken.HashOf(text[..^1] + last)?.SequenceEqual(hash) == true);
    }

    [Theory]
    [InlineData(".")]
    [InlineData(">")]
    [InlineData(").")]
    [InlineData(" ")]
    public void Characters_that_a_mail_program_puts_after_the_link_are_ignored(string after)
    {
        var (text, hash) = ResetToken.New();

        Assert.Equal(hash, ResetToken.HashOf(text + after));
    }
}
