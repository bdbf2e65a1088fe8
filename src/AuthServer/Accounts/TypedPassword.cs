using System.Text;

namespace AuthServer.Accounts;

/// <summary>
/// What a person typed as a password, in the forms that are looked at. Normalizing undoes what keyboards substitute by
/// themselves; it is the same function wherever a password is set or checked.
/// </summary>
/// <param name="Raw">Exactly as submitted: what an imported hash may have been made of.</param>
/// <param name="Normalized1">What hashes of <see cref="PasswordScheme.Normalized1"/> are made of.</param>
/// <param name="Normalized">What hashes are made of today (<see cref="Scheme"/>).</param>
internal sealed record TypedPassword(string Raw, string Normalized1, string Normalized)
{
    /// <summary>Of every hash that is made now.</summary>
    public const PasswordScheme Scheme = PasswordScheme.Normalized2;

    public static TypedPassword From(string typed) => new(typed, NormalizeAsBefore(typed), Normalize(typed));

    /// <summary>
    /// NFC, the <see cref="Substitutions"/>, and runs of hyphens to one. No width and no accents removed. Normalizing
    /// twice changes nothing.
    /// </summary>
    public static string Normalize(string typed) => Substitutions.JoinHyphens(Substitutions.InPassword(typed));

    /// <summary>
    /// The forms that may be right for a hash of a scheme, the likeliest first: by the scheme's own rules, by today's,
    /// and then those that are forgiven.
    /// </summary>
    /// <param name="forgiving">Whether to forgive anything (NIST SP 800-63B-4 §3.1.1.2): spaces around it, the first
    /// letter's case, both.</param>
    public IReadOnlyList<PasswordForm> Forms(PasswordScheme scheme, bool forgiving)
    {
        var (own, forgiven) = scheme switch
        {
            PasswordScheme.Raw => ((string[])[Raw, Normalized1, Normalized], Normalized1),
            PasswordScheme.Normalized1 => ([Normalized1, Normalized], Normalized1),
            _ => ([Normalized], Normalized),
        };
        return
        [
            .. own.Distinct().Select(text => new PasswordForm(text, IsForgiven: false)),
            .. forgiving
                ? Forgiven(forgiven).Except(own).Distinct().Select(text => new PasswordForm(text, IsForgiven: true))
                : [],
        ];
    }

    private static IEnumerable<string> Forgiven(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length == 0 ? [] : [trimmed, SwapFirst(text), SwapFirst(trimmed)];
    }

    private static string SwapFirst(string text)
    {
        var first = text.EnumerateRunes().First();
        var other = Rune.IsUpper(first) ? Rune.ToLowerInvariant(first) : Rune.ToUpperInvariant(first);
        return Unicode.Compose(other.ToString() + text[first.Utf16SequenceLength..]);
    }

    /// <summary>
    /// The rules of <see cref="PasswordScheme.Normalized1"/>. They never change: hashes were made by them.
    /// </summary>
    private static string NormalizeAsBefore(string typed)
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
}

/// <param name="IsForgiven">True: it differs from what was typed by more than what keyboards substitute. Never tried
/// for staff.</param>
internal sealed record PasswordForm(string Text, bool IsForgiven);
