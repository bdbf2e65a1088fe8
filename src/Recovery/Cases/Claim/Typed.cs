using System.Globalization;
using System.Text;

namespace Recovery.Cases.Claim;

/// <summary>
/// Takes what people type as they typed it, but for what leaves no mark: characters that no database or page wants.
/// </summary>
internal static class Typed
{
    /// <returns>One line, without spaces around it; null when nothing is left.</returns>
    public static string? Line(string? text) =>
        Visible(text?.ReplaceLineEndings(" ") ?? "") is { Length: > 0 } line ? line : null;

    /// <returns>One item for each line that has something in it, each once.</returns>
    public static IReadOnlyList<string> Lines(string? text) =>
        [
            .. (text ?? "")
                .ReplaceLineEndings("\n")
                .Split('\n')
                .Select(Visible)
                .Where(line => line.Length > 0)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <returns>Several lines; null when nothing is left.</returns>
    public static string? Prose(string? text) =>
        string.Join('\n', (text ?? "").ReplaceLineEndings("\n").Split('\n').Select(Visible)).Trim('\n')
            is { Length: > 0 } prose
            ? prose
            : null;

    // Joiners stay: some names are not written without them.
    private static string Visible(string line)
    {
        var kept = new StringBuilder(line.Length);
        foreach (var rune in line.EnumerateRunes())
        {
            if (rune.Value == '\t')
            {
                kept.Append(' ');
            }
            else if (
                Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Surrogate)
                && (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format || rune.Value is 0x200C or 0x200D)
            )
            {
                kept.Append(rune.ToString());
            }
        }

        return kept.ToString().Trim();
    }
}
