using System.Globalization;
using System.Text;

namespace Recovery.Cases.Matching;

/// <summary>
/// Takes away what differs between two ways of writing the same thing: case, accents, apostrophes, spaces, full-width
/// letters. What keyboards put in place of an apostrophe has been replaced before
/// (<see cref="Ports.ITypedText.Plain"/>). Accounts are found and compared by these forms, and nobody is let in by one.
/// </summary>
public static class NormalizedText
{
    /// <summary>Letters that no decomposition takes apart, as passports write them.</summary>
    private static readonly Dictionary<int, string> Spelled = new()
    {
        ['ß'] = "ss",
        ['æ'] = "ae",
        ['œ'] = "oe",
        ['ø'] = "o",
        ['đ'] = "d",
        ['ð'] = "d",
        ['þ'] = "th",
        ['ł'] = "l",
        ['ı'] = "i",
        ['ħ'] = "h",
    };

    /// <summary>
    /// All letters and digits in one word: <c>O’Brien</c>, <c>O'BRIEN</c> and <c>OBrien</c> are <c>obrien</c>.
    /// </summary>
    public static string Key(string? text) => string.Concat(Words(text));

    /// <summary>
    /// The words of a text. An apostrophe joins, everything else that is neither letter nor digit parts.
    /// </summary>
    public static IReadOnlyList<string> Words(string? text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in Decompose(text ?? "").EnumerateRunes())
        {
            var lower = Rune.ToLowerInvariant(rune);
            if (Spelled.TryGetValue(lower.Value, out var spelled))
            {
                word.Append(spelled);
            }
            else if (Joins(lower))
            {
                continue;
            }
            else if (Rune.IsLetterOrDigit(lower))
            {
                word.Append(lower.ToString());
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    /// <summary>
    /// A registration number: <c>gmc 70 00-001</c> is <c>7000001</c>. What it is called does not count.
    /// </summary>
    public static string Number(string? text)
    {
        var key = Key(text).ToUpperInvariant();
        foreach (var register in new[] { "GMC", "NMC", "NTN", "PIN" })
        {
            if (key.Length > register.Length && key.StartsWith(register, StringComparison.Ordinal))
            {
                key = key[register.Length..];
            }
        }

        return key;
    }

    // Marks belong to the letter before them; apostrophes stand inside a name.
    private static bool Joins(Rune rune) =>
        rune.Value == '\''
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.ModifierSymbol;

    // Evidence is compared, not looked up: compatibility forms are wanted here, and only here.
#pragma warning disable RS0030
    private static string Decompose(string text) => WellFormed(text).Normalize(NormalizationForm.FormKD);
#pragma warning restore RS0030

    // .NET refuses to normalise half a surrogate pair and U+FFFE.
    private static string WellFormed(string text) => string.Concat(text.EnumerateRunes()).Replace('\uFFFE', '\uFFFD');
}
