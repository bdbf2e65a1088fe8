using System.Globalization;
using System.Text;

namespace Recovery.Cases.Desk;

/// <summary>What staff type, made fit to be kept: no character that a database or a mail would stumble over.</summary>
internal static class StaffText
{
    /// <summary>The longest note, question or answer, in characters.</summary>
    public const int Longest = 4_000;

    public const int LongestTag = 40;

    /// <returns>
    /// The text without control characters (lines and tabs stay) and without space around it; empty when nothing is
    /// left.
    /// </returns>
    public static string Clean(string? typed)
    {
        var text = new StringBuilder();
        foreach (var rune in (typed ?? "").ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || Rune.GetUnicodeCategory(rune) != UnicodeCategory.Control)
            {
                text.Append(rune.ToString());
            }
        }

        return text.ToString().Trim();
    }

    /// <returns>
    /// The tag in its one spelling: lower case, single spaces, letters, digits and hyphens; null when it cannot be one.
    /// </returns>
    public static string? Tag(string? typed)
    {
        var words = Clean(typed).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var tag = string.Join(' ', words);
        return tag.Length is > 0 and <= LongestTag && tag.All(c => char.IsLetterOrDigit(c) || c is ' ' or '-')
            ? tag
            : null;
    }
}
