using System.Globalization;
using System.Text;

namespace AuthServer.Accounts;

/// <summary>
/// What support staff find accounts by: names and numbers without their spelling. Nobody logs in with one, so accents and
/// punctuation can go, which an <see cref="Identifier"/> keeps.
/// </summary>
internal static class SearchKey
{
    /// <summary>A family or given name: letters alone, lower case, without accents. O’Brien and OBRIEN are <c>obrien</c>.</summary>
    /// <returns>Null when there is no letter in it.</returns>
    public static string? Name(string? name) => Of(name, Rune.IsLetter)?.ToLowerInvariant();

    /// <summary>A registration number: letters and digits alone, upper case.</summary>
    /// <returns>Null when there is neither in it.</returns>
    public static string? Number(string? number) => Of(number, Rune.IsLetterOrDigit)?.ToUpperInvariant();

    private static string? Of(string? text, Func<Rune, bool> counts)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var key = new StringBuilder(text.Length);
        foreach (var rune in Unicode.Decompose(text).EnumerateRunes())
        {
            if (counts(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.ModifierLetter) // U+02BC is an apostrophe, not a letter
            {
                key.Append(rune.ToString());
            }
        }

        return key.Length == 0 ? null : key.ToString();
    }
}
