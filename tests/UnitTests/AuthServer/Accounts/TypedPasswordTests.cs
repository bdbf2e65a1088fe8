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
    [InlineData(0x0027)]
    [InlineData(0x0060)]
    [InlineData(0x00B4)]
    [InlineData(0x2018)]
    [InlineData(0x2019)]
    [InlineData(0x201B)]
    [InlineData(0x02B9)]
    [InlineData(0x02BB)]
    [InlineData(0x02BC)]
    [InlineData(0x2032)]
    [InlineData(0x2035)]
    [InlineData(0xFF07)]
    [InlineData(0x05F3)]
    [InlineData(0xA78C)]
    public void Every_apostrophe_is_one_character(int codePoint)
    {
        var apostrophe = char.ConvertFromUtf32(codePoint);

        Assert.Equal("it's 9 o'clock", TypedPassword.Normalize($"it{apostrophe}s 9 o{apostrophe}clock"));
        Assert.Equal("o'brien4821", Identifier.Normalize($"O{apostrophe}Brien4821"));
    }

    [Theory]
    [InlineData("\"so\"", "\u201Eso\u201C")]
    [InlineData("\"so\"", "\u201Cso\u2033")]
    [InlineData("\"so\"", "\u00ABso\u00BB")]
    [InlineData("\"so\"", "\uFF02so\u201F")]
    [InlineData("a-b", "a\u2010b")]
    [InlineData("a-b", "a\u2011b")]
    [InlineData("a-b", "a\u2012b")]
    [InlineData("a-b", "a\u2015b")]
    [InlineData("a-b", "a\u2212b")]
    [InlineData("a-b", "a\uFF0Db")]
    [InlineData("a b", "a\u2003b")]
    [InlineData("a b", "a\u202Fb")]
    [InlineData("a b", "a\u3000b")]
    [InlineData("a b", "a\tb")]
    [InlineData("a...b", "a\u2026b")]
    [InlineData("ab", "a\u200Bb")]
    [InlineData("ab", "a\u200Db")]
    [InlineData("ab", "\uFEFFab")]
    [InlineData("ab", "a\u00ADb")]
    [InlineData("ab", "a\u200Eb\u200F")]
    [InlineData("ab", "\u202Aab\u202C")]
    [InlineData("ab", "\u2066ab\u2069")]
    [InlineData("ab", "a\u061Cb\uFE0F")]
    [InlineData("ab", "a\0b")]
    [InlineData("\u00E9", "e\u200B\u0301")]
    public void Quotes_hyphens_and_spaces_of_every_kind_are_one_and_what_cannot_be_seen_is_none(
        string normalized,
        string typed
    )
    {
        Assert.Equal(normalized, TypedPassword.Normalize(typed));
        Assert.Equal(normalized, Identifier.Normalize(typed));
    }

    [Theory]
    [Trait("spec", "CVE-2026-19611")]
    [InlineData("\uFF21")]
    [InlineData("\uFF11")]
    [InlineData("\u0661")]
    [InlineData("\uFF20")]
    [InlineData("\uFB01")]
    [InlineData("\u00E9")]
    [InlineData("A")]
    [InlineData("  a  ")]
    public void Nothing_else_is_changed_in_a_password(string typed)
    {
        Assert.Equal(typed, TypedPassword.Normalize(typed));
    }

    [Fact]
    public void Normalizing_twice_changes_nothing()
    {
        TypedText.Holds(typed =>
            TypedPassword.Normalize(TypedPassword.Normalize(typed)) == TypedPassword.Normalize(typed)
        );
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
        // Any other character is itself, composed: so the list is exactly the table.
        var changed = Enumerable
            .Range(0, 0x110000)
            .Where(c => c is < 0xD800 or > 0xDFFF)
            .Select(char.ConvertFromUtf32)
            .Where(c => TypedPassword.Normalize(c) != Unicode.Compose(c))
            .ToHashSet();

        var table = Substitutions
            .All.Where(group => !group.IdentifiersOnly)
            .SelectMany(group => group.CodePoints)
            .Select(char.ConvertFromUtf32);
        Assert.Equal(
            table.Where(c => Unicode.Compose(c) == c).Order(StringComparer.Ordinal),
            changed.Where(c => Unicode.Compose(c) == c).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void No_character_stands_twice_in_the_table()
    {
        var all = Substitutions.All.SelectMany(group => group.CodePoints).ToList();

        Assert.Equal(all.Count, all.Distinct().Count());
    }

    [Theory]
    [InlineData(PasswordScheme.Normalized2, "it's", new[] { "it's" }, new[] { "It's" })]
    [InlineData(PasswordScheme.Normalized2, " It's ", new[] { " It's " }, new[] { "It's", "it's" })]
    [InlineData(PasswordScheme.Normalized2, "1234", new[] { "1234" }, new string[0])]
    [InlineData(PasswordScheme.Normalized2, " ", new[] { " " }, new string[0])]
    [InlineData(PasswordScheme.Normalized2, "", new[] { "" }, new string[0])]
    [InlineData(PasswordScheme.Normalized1, "a`b\u2019", new[] { "a`b'", "a'b'" }, new[] { "A`b'" })]
    [InlineData(PasswordScheme.Raw, "a`b\u2019", new[] { "a`b\u2019", "a`b'", "a'b'" }, new[] { "A`b'" })]
    [InlineData(PasswordScheme.Raw, "1 ", new[] { "1 " }, new[] { "1" })]
    public void A_hash_is_checked_by_the_rules_of_its_scheme_first_then_by_todays_then_forgiving(
        PasswordScheme scheme,
        string typed,
        string[] strict,
        string[] forgiven
    )
    {
        var forms = TypedPassword.From(typed).Forms(scheme, forgiving: true);

        Assert.Equal(
            [
                .. strict.Select(text => new PasswordForm(text, false)),
                .. forgiven.Select(text => new PasswordForm(text, true)),
            ],
            forms
        );
        Assert.Equal(strict.Length, TypedPassword.From(typed).Forms(scheme, forgiving: false).Count);
    }

    [Theory]
    [InlineData("correct", "Correct")]
    [InlineData("Correct", "correct")]
    [InlineData("élan", "Élan")]
    [InlineData("𐐨x", "𐐀x")]
    public void The_first_character_is_swapped_whatever_letter_it_is(string typed, string swapped)
    {
        Assert.Equal(
            swapped,
            Assert
                .Single(TypedPassword.From(typed).Forms(TypedPassword.Scheme, forgiving: true), form => form.IsForgiven)
                .Text
        );
    }

    [Fact]
    public void No_form_is_tried_twice_and_no_more_than_six_are()
    {
        TypedText.Holds(text =>
            Enum.GetValues<PasswordScheme>()
                .All(scheme =>
                    TypedPassword.From(text).Forms(scheme, forgiving: true) is { Count: >= 1 and <= 6 } forms
                    && forms.Select(form => form.Text).Distinct().Count() == forms.Count
                )
        );
    }
}
