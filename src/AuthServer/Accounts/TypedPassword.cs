using System.Text;

namespace AuthServer.Accounts;

/// <summary>
/// What a person typed as a password, in the forms that are looked at. Normalization undoes what keyboards substitute by themselves;
/// it is the same function wherever a password is set or checked (<see cref="PasswordScheme.Normalized1"/>).
/// </summary>
/// <remarks>
/// The list of substitutes is closed on purpose: no NFKC, no width or accent normalization, because those shrink the key space
/// (CVE-2026-19611). A change to it is a new <see cref="PasswordScheme"/>.
/// </remarks>
/// <param name="Raw">Exactly as submitted: what an imported hash may have been made of.</param>
/// <param name="Normalized">What hashes are made of.</param>
/// <param name="WithoutSpaces"><paramref name="Normalized"/> without surrounding spaces, or null when it has none.</param>
/// <param name="FirstSwapped">
/// <paramref name="Normalized"/> with the case of its first character swapped, or null when that character has no other case.
/// </param>
internal sealed record TypedPassword(string Raw, string Normalized, string? WithoutSpaces, string? FirstSwapped)
{
    public static TypedPassword From(string typed)
    {
        var normalized = Normalize(typed);
        var trimmed = normalized.Trim();
        var swapped = SwapFirst(normalized);
        return new TypedPassword(
            typed,
            normalized,
            trimmed.Length > 0 && trimmed != normalized ? trimmed : null,
            swapped != normalized ? swapped : null);
    }

    /// <summary>
    /// NFC; curly quotes, long dashes, the ellipsis and the no-break space to what was meant; runs of hyphens to one (a keyboard
    /// that made a dash of two hyphens cannot be told from one that was asked for a dash). Normalization twice changes nothing.
    /// </summary>
    public static string Normalize(string typed)
    {
        var normalized = new StringBuilder(typed.Length);
        foreach (var c in Unicode.Compose(typed))
        {
            var meant = c switch
            {
                '\u2018' or '\u2019' or '\u02BC' => "'",
                '\u201C' or '\u201D' => "\"",
                '-' or '\u2013' or '\u2014' => normalized is [.., '-'] ? "" : "-",
                '\u2026' => "...",
                '\u00A0' => " ",
                _ => null,
            };
            _ = meant is null ? normalized.Append(c) : normalized.Append(meant);
        }

        return normalized.ToString();
    }

    private static string SwapFirst(string normalized)
    {
        if (normalized.Length == 0)
        {
            return normalized;
        }

        var first = normalized.EnumerateRunes().First();
        var other = Rune.IsUpper(first) ? Rune.ToLowerInvariant(first) : Rune.ToUpperInvariant(first);
        return Unicode.Compose(other.ToString() + normalized[first.Utf16SequenceLength..]);
    }
}
