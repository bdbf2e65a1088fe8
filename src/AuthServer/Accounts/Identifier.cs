using System.Globalization;
using System.Text;

namespace AuthServer.Accounts;

/// <summary>
/// Normalizes what people type to say who they are, so that a phone's curly apostrophe, a capital first letter or a pasted space
/// never keeps anyone out. The normalized form is a key, never shown; what was typed is kept beside it.
/// </summary>
/// <remarks>
/// Normalization is graceful, for logging in. Rules for setting a username or address are in <see cref="IdentifierRules"/>.
/// </remarks>
internal static class Identifier
{
    /// <summary>
    /// Unicode NFC, lower case, typographic quotes and dashes to ASCII, any kind of space to one plain space; surrounding spaces
    /// and invisible characters removed. Normalization twice changes nothing.
    /// </summary>
    /// <returns>The key; empty when nothing visible was typed.</returns>
    public static string Normalize(string typed)
    {
        var normalized = new StringBuilder(typed.Length);
        foreach (var rune in Unicode.Compose(typed).EnumerateRunes())
        {
            if (IsSpace(rune))
            {
                // Runs of spaces are one space, and there is none at the start.
                if (normalized.Length > 0 && normalized[^1] != ' ')
                {
                    normalized.Append(' ');
                }
            }
            else if (!IsInvisible(rune))
            {
                normalized.Append(Rune.ToLowerInvariant(ToAscii(rune)).ToString());
            }
        }

        // Composed again: a mark may now stand beside its letter, or a lower-case pair may have a composed form.
        return Unicode.Compose(normalized.ToString()).TrimEnd(' ');
    }

    /// <summary>True for what looks like an address: only its owner may have it as a username.</summary>
    public static bool LooksLikeEmail(string normalized) => normalized.Contains('@', StringComparison.Ordinal);

    /// <summary>Spaces of every width, tabs and line breaks.</summary>
    public static bool IsSpace(Rune rune) => Rune.IsWhiteSpace(rune);

    /// <summary>
    /// Characters that leave no mark: zero-width, bidirectional and byte-order marks, soft hyphen, variation selectors, controls,
    /// fillers.
    /// </summary>
    public static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control
        || rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or 0x034F or 0x115F or 0x1160 or 0x3164 or 0xFFA0;

    /// <summary>Quotes and dashes that keyboards and word processors put in the place of ASCII ones.</summary>
    public static Rune ToAscii(Rune rune) => rune.Value switch
    {
        0x2018 or 0x2019 or 0x201A or 0x201B or 0x2032 or 0x02B9 or 0x02BB or 0x02BC or 0x02BD or 0x00B4 => new Rune('\''),
        0x201C or 0x201D or 0x201E or 0x201F or 0x2033 => new Rune('"'),
        (>= 0x2010 and <= 0x2015) or 0x2212 => new Rune('-'),
        _ => rune,
    };
}
