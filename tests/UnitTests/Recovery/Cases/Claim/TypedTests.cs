using Recovery.Cases.Claim;

namespace UnitTests.Recovery.Cases.Claim;

public sealed class TypedTests
{
    [Theory]
    [InlineData("  O’Brien ", "O’Brien")]
    [InlineData("Smith\r\nJones", "Smith Jones")]
    [InlineData("A\0oife\u202e\ufeff", "Aoife")]
    [InlineData("می‌خواهم", "می‌خواهم")]
    [InlineData("\t\u200b ", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_line_is_what_was_typed_without_what_leaves_no_mark(string? typed, string? kept) =>
        Assert.Equal(kept, Typed.Line(typed));

    [Fact]
    public void Lines_are_taken_one_by_one_and_once_each() =>
        Assert.Equal(
            ["a@example.test", "b@example.test"],
            Typed.Lines(" a@example.test\r\n\r\nb@example.test\ra@example.test\n")
        );

    [Fact]
    public void Prose_keeps_its_line_breaks() =>
        Assert.Equal("One.\n\nTwo.", Typed.Prose("\r\n One. \r\n\r\nTwo.\0\n"));
}
