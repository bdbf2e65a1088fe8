using AuthServer.Accounts;

namespace UnitTests.AuthServer.Accounts;

public sealed class TypedPasswordTests
{
    [Theory]
    [InlineData("it's o'clock", "it\u2019s o\u2018clock")]
    [InlineData("it's", "it\u02BCs")]
    [InlineData("\"so\"", "\u201Cso\u201D")]
    [InlineData("a-b", "a\u2013b")]
    [InlineData("a-b", "a\u2014b")]
    [InlineData("a-b", "a--b")]
    [InlineData("a-b", "a-\u2014-b")]
    [InlineData("well...", "well\u2026")]
    [InlineData("a b", "a\u00A0b")]
    [InlineData("caf\u00E9", "cafe\u0301")]
    public void What_keyboards_substitute_is_normalized(string normalized, string typed)
    {
        Assert.Equal(normalized, TypedPassword.Normalize(typed));
    }

    [Theory]
    [Trait("spec", "CVE-2026-19611")]
    [InlineData("Ａ")]
    [InlineData("ﬁ")]
    [InlineData("é")]
    [InlineData("\u2010")]
    [InlineData("\u2032")]
    [InlineData("\u00AB")]
    [InlineData("\u200B")]
    [InlineData("\u2003")]
    [InlineData("A")]
    [InlineData("  a  ")]
    public void Nothing_else_is_normalized(string typed)
    {
        Assert.Equal(typed, TypedPassword.Normalize(typed));
    }

    [Fact]
    public void Normalizing_twice_changes_nothing()
    {
        TypedText.Holds(typed => TypedPassword.Normalize(TypedPassword.Normalize(typed)) == TypedPassword.Normalize(typed));
    }

    [Fact]
    public void Every_spelling_of_a_password_is_the_password_that_was_set()
    {
        TypedText.Holds(typed =>
        {
            var asSet = TypedPassword.Normalize(typed);
            var asAPhoneSendsIt = asSet
                .Replace("...", "\u2026", StringComparison.Ordinal)
                .Replace('\'', '\u2019')
                .Replace('"', '\u201D')
                .Replace('-', '\u2014')
                .Replace(' ', '\u00A0');
            return TypedPassword.Normalize(asAPhoneSendsIt) == asSet;
        });
    }

    [Fact]
    public void The_list_is_closed()
    {
        // Any other character is itself, composed: so the list is exactly what the design names.
        var changed = Enumerable.Range(0, 0x10000)
            .Where(c => !char.IsSurrogate((char)c))
            .Select(c => ((char)c).ToString())
            .Where(c => TypedPassword.Normalize(c) != Unicode.Compose(c))
            .ToList();

        Assert.Equal(
            ["\u00A0", "\u02BC", "\u2013", "\u2014", "\u2018", "\u2019", "\u201C", "\u201D", "\u2026"], changed);
    }

    [Fact]
    public void Two_slips_are_forgiven_and_no_more()
    {
        var typed = TypedPassword.From(" Correct horse ");

        Assert.Equal(" Correct horse ", typed.Normalized);
        Assert.Equal("Correct horse", typed.WithoutSpaces);
        Assert.Null(typed.FirstSwapped);
    }

    [Theory]
    [InlineData("correct", "Correct")]
    [InlineData("Correct", "correct")]
    [InlineData("élan", "Élan")]
    [InlineData("𐐨x", "𐐀x")]
    [InlineData("1correct", null)]
    [InlineData("", null)]
    public void The_first_character_is_swapped_whatever_letter_it_is(string typed, string? swapped)
    {
        Assert.Equal(swapped, TypedPassword.From(typed).FirstSwapped);
    }

    [Fact]
    public void Forgiven_forms_are_normalized_already_and_differ_from_what_was_typed()
    {
        TypedText.Holds(text =>
        {
            var typed = TypedPassword.From(text);
            return typed.WithoutSpaces != typed.Normalized
                && typed.FirstSwapped != typed.Normalized
                && (typed.WithoutSpaces is not { } trimmed || TypedPassword.Normalize(trimmed) == trimmed)
                && (typed.FirstSwapped is not { } swapped || TypedPassword.Normalize(swapped) == swapped);
        });
    }
}
