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
    [InlineData("smith4821", "smith\uFF14\uFF18\uFF12\uFF11")]
    [InlineData("smith4821", "smith\u0664\u0668\u0662\u0661")]
    [InlineData("smith4821", "smith\u06F4\u06F8\u06F2\u06F1")]
    [InlineData("anna@example.org", "anna\uFF20example.org")]
    [InlineData("smith-jones1234", "smith--jones1234")]
    [InlineData("a--b@example.org", "a--b@example.org")]
    [InlineData("a@foo--bar.example", "a@foo--bar.example")]
    [InlineData("anna@b\u00FCcher.example", "anna@xn--bcher-kva.example")]
    [InlineData("anna@b\u00FCcher.example", "Anna@B\u00DCCHER.example")]
    [InlineData("anna@b\u00FCcher.example", "anna@bu\u0308cher\u3002example")]
    [InlineData("anna@stra\u00DFe.example", "anna@xn--strae-oqa.example")]
    [InlineData("anna@strasse.example", "anna@strasse.example")]
    [InlineData("anna@xn--.example", "anna@xn--.example")]
    [InlineData("anna@b..c", "anna@b..c")]
    public void What_a_phone_or_a_paste_makes_of_an_identifier_normalizes_to_the_same_key(
        string normalized,
        string typed
    )
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
            Identifier.Normalize("\u200B \uFEFF" + typed + "\u00A0\u200E ") == Identifier.Normalize(typed)
        );
    }

    [Fact]
    public void A_normalized_identifier_has_no_character_of_the_table_and_no_space_around()
    {
        TypedText.Holds(typed =>
            Identifier.Plain(typed) is var normalized
            && normalized.Trim() == normalized
            && normalized.EnumerateRunes().All(rune => Substitutions.Of(rune) is null || rune.Value == ' ')
        );
    }
}
