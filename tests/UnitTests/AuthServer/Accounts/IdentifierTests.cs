using AuthServer.Accounts;

namespace UnitTests.AuthServer.Accounts;

public sealed class IdentifierTests
{
    [Theory]
    [InlineData("o'brien4821", "o\u2019brien4821")]
    [InlineData("o'brien4821", "O\u2018Brien4821")]
    [InlineData("o'brien4821", " o\u02BCbrien4821\u00A0")]
    [InlineData("o'brien4821", "\uFEFFo\u200B'brien\u00AD4821\u200E")]
    [InlineData("smith-jones1234", "Smith\u2013Jones1234")]
    [InlineData("smith-jones1234", "smith\u2011jones1234")]
    [InlineData("jos\u00E92000", "JOSE\u03012000")]
    [InlineData("anna lee", "Anna \u2003\t Lee")]
    [InlineData("a@example.org", "A@Example.ORG\r\n")]
    [InlineData("", " \u200B\u00A0")]
    public void What_a_phone_or_a_paste_makes_of_an_identifier_normalizes_to_the_same_key(string normalized, string typed)
    {
        Assert.Equal(normalized, Identifier.Normalize(typed));
    }

    [Theory]
    [InlineData("josé2000", "jose2000")]
    [InlineData("ａnna", "anna")]
    [InlineData("straße1", "strasse1")]
    public void Letters_that_only_look_alike_stay_apart(string one, string other)
    {
        Assert.NotEqual(Identifier.Normalize(one), Identifier.Normalize(other));
    }

    [Fact]
    public void Normalizing_twice_changes_nothing()
    {
        TypedText.Holds(typed => Identifier.Normalize(Identifier.Normalize(typed)) == Identifier.Normalize(typed));
    }

    [Fact]
    public void Nothing_around_the_identifier_and_nothing_invisible_in_it_matters()
    {
        TypedText.Holds(typed =>
            Identifier.Normalize("\u200B \uFEFF" + typed + "\u00A0\u200E ") == Identifier.Normalize(typed));
    }

    [Fact]
    public void A_normalized_identifier_has_no_typographic_or_invisible_character_and_no_space_around()
    {
        TypedText.Holds(typed => Identifier.Normalize(typed) is var normalized
            && normalized.Trim() == normalized
            && normalized.EnumerateRunes().All(rune => !Identifier.IsInvisible(rune) && Identifier.ToAscii(rune) == rune));
    }
}
