using AuthServer.Accounts;
using Recovery.Ports;

namespace UnitTests.AuthServer.Accounts;

public sealed class IdentifierKeysTests
{
    [Theory]
    [InlineData("o'brien4821", "o'brien4821.")]
    [InlineData("o'brien4821", "(o'brien4821)")]
    [InlineData("o'brien4821", "\"o'brien4821\"")]
    [InlineData("o'brien4821", "@o'brien4821")]
    [InlineData("o'brien4821", "username: o'brien4821")]
    [InlineData("o'brien4821", "User name: O\u2019Brien4821")]
    [InlineData("o'brien4821", "My username is o'brien4821.")]
    [InlineData("o'brien4821", "\u00ABo'brien4821\u00BB,")]
    [InlineData("a@b", "mailto:a@b")]
    [InlineData("a@b", "<a@b>")]
    [InlineData("a@b", "Name <a@b>")]
    [InlineData("a@b", "a@b.")]
    [InlineData("a@b", "<mailto:a@b?subject=x>")]
    [InlineData("a@b", "Email address: a@b")]
    [InlineData("anna@b\u00FCcher.example", "<anna@xn--bcher-kva.example>")]
    [InlineData("anna@example.org", "\"Anna O'Brien\" <Anna@Example.org>;")]
    public void What_stands_around_an_identifier_is_taken_away(string meant, string typed)
    {
        Assert.Equal(meant, IdentifierKeys.Of(typed).Stripped);
    }

    [Theory]
    [InlineData("o'brien4821", "obrien4821")]
    [InlineData("o'brien4821", "o brien4821")]
    [InlineData("o'brien4821", "o'brien 4821")]
    [InlineData("o'brien4821", "O-Brien_4821")]
    [InlineData("smith-jones1234", "smith_jones1234")]
    [InlineData("smith-jones1234", "smithjones1234")]
    [InlineData("m\u00FCller4821", "muller4821")]
    [InlineData("anna@b\u00FCcher.example", "anna@bucher.example")]
    [InlineData("anna.smith@example.org", "annasmith@example,org")]
    public void Letters_and_digits_alone_find_an_identifier(string held, string typed)
    {
        Assert.Equal(SearchKey.Letters(Identifier.Normalize(held)), IdentifierKeys.Of(typed).Letters);
    }

    [Theory]
    [InlineData("smith4821", "smith4812")]
    [InlineData("m\u00FCller4821", "mueller4821")]
    public void Other_letters_and_digits_stay_apart(string held, string typed)
    {
        Assert.NotEqual(SearchKey.Letters(Identifier.Normalize(held)), IdentifierKeys.Of(typed).Letters);
    }

    [Fact]
    public void An_identifier_is_its_own_key() =>
        TypedText.Holds(typed =>
            IdentifierKeys.Of(typed) is var keys
            && keys.Exact == Identifier.Normalize(typed)
            && IdentifierKeys.Of(keys.Stripped).Stripped == keys.Stripped
            && SearchKey.Letters(keys.Stripped) == keys.Letters
        );

    [Theory]
    [InlineData("o'brien4821", "\u201Co\u2019brien4821\u201D", IdentifierLikeness.Same)]
    [InlineData("o'brien4821", "obrien4821", IdentifierLikeness.SameLetters)]
    [InlineData("o'brien4821", "o'brien4822", IdentifierLikeness.Different)]
    [InlineData("anna@b\u00FCcher.example", "anna@xn--bcher-kva.example", IdentifierLikeness.Same)]
    [InlineData("", "'", IdentifierLikeness.Different)]
    public void Cases_are_compared_by_the_same_rules(string held, string stated, IdentifierLikeness likeness)
    {
        Assert.Equal(likeness, new global::AuthServer.Accounts.TypedText().Compare(stated, held));
    }
}
