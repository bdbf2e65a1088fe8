using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace AuthServer.Accounts;

/// <summary>Characters that mean one thing, and what they are read as.</summary>
/// <param name="Name">For the documentation.</param>
/// <param name="Plain">What each of them is read as; empty: it disappears.</param>
/// <param name="Ranges">First and last code point.</param>
/// <param name="IdentifiersOnly">True: passwords keep the character as it is.</param>
internal sealed record Substitution(
    string Name,
    string Plain,
    IReadOnlyList<(int First, int Last)> Ranges,
    bool IdentifiersOnly = false
)
{
    public IEnumerable<int> CodePoints =>
        Ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1));
}

/// <summary>
/// The one table of what keyboards, word processors and web pages put in place of what people mean. Usernames,
/// addresses, passwords and hints all read it, so that a hint cannot contradict what the program does.
/// </summary>
/// <remarks>
/// The list is closed on purpose. Passwords get no compatibility forms (NFKC), no width and no accents removed, because
/// that shrinks the key space (CVE-2026-19611). A change to what passwords read is a new <see cref="PasswordScheme"/>.
/// </remarks>
internal static class Substitutions
{
    public static IReadOnlyList<Substitution> All { get; } =
    [
        new(
            "Apostrophes and single quotes",
            "'",
            [
                One(0x0060),
                One(0x00B4),
                (0x02B9, 0x02B9),
                (0x02BB, 0x02BD),
                (0x2018, 0x201B),
                One(0x2032),
                One(0x2035),
                (0x2039, 0x203A),
                One(0x05F3),
                (0xA78B, 0xA78C),
                One(0xFF07),
            ]
        ),
        new(
            "Double quotes",
            "\"",
            [
                One(0x00AB),
                One(0x00BB),
                One(0x02BA),
                One(0x05F4),
                (0x201C, 0x201F),
                One(0x2033),
                One(0x2036),
                (0x301D, 0x301F),
                One(0xFF02),
            ]
        ),
        new(
            "Hyphens, dashes and minus signs",
            "-",
            [
                One(0x02D7),
                (0x2010, 0x2015),
                One(0x2043),
                One(0x2212),
                (0x2E3A, 0x2E3B),
                One(0xFE58),
                One(0xFE63),
                One(0xFF0D),
            ]
        ),
        new(
            "Spaces of every width, tabs and line breaks",
            " ",
            [
                (0x0009, 0x000D),
                One(0x0085),
                One(0x00A0),
                One(0x1680),
                (0x2000, 0x200A),
                (0x2028, 0x2029),
                One(0x202F),
                One(0x205F),
                One(0x3000),
            ]
        ),
        new("Ellipsis", "...", [One(0x2026)]),
        new(
            "Characters that cannot be seen: zero width, byte order mark, soft hyphen, text direction, variation selectors, controls",
            "",
            [
                (0x0000, 0x0008),
                (0x000E, 0x001F),
                (0x007F, 0x0084),
                (0x0086, 0x009F),
                One(0x00AD),
                One(0x034F),
                One(0x061C),
                (0x115F, 0x1160),
                (0x17B4, 0x17B5),
                (0x180B, 0x180F),
                (0x200B, 0x200F),
                (0x202A, 0x202E),
                (0x2060, 0x206F),
                One(0x3164),
                (0xFE00, 0xFE0F),
                One(0xFEFF),
                One(0xFFA0),
                (0xFFF9, 0xFFFB),
                (0x1BCA0, 0x1BCA3),
                (0x1D173, 0x1D17A),
                (0xE0000, 0xE0FFF),
            ]
        ),
        new("At signs", "@", [One(0xFE6B), One(0xFF20)], IdentifiersOnly: true),
        .. Enumerable
            .Range(0, 10)
            .Select(digit => new Substitution(
                $"Full-width and Arabic-Indic digits: {digit}",
                digit.ToString(CultureInfo.InvariantCulture),
                [One(0x0660 + digit), One(0x06F0 + digit), One(0xFF10 + digit)],
                IdentifiersOnly: true
            )),
    ];

    private static readonly FrozenDictionary<int, string> InPasswords = Table(
        All.Where(substitution => !substitution.IdentifiersOnly)
    );

    private static readonly FrozenDictionary<int, string> InIdentifiers = Table(All);

    /// <summary>
    /// Composed (NFC), with every character of the table replaced, in a username, an address or a name.
    /// </summary>
    public static string InIdentifier(string typed) => Replace(typed, InIdentifiers);

    /// <summary>Composed (NFC), with every character of the table replaced that passwords read too.</summary>
    public static string InPassword(string typed) => Replace(typed, InPasswords);

    /// <returns>What the table makes of one character of an identifier, or null when it is not in the table.</returns>
    public static string? Of(Rune rune) => InIdentifiers.GetValueOrDefault(rune.Value);

    /// <summary>
    /// Runs of hyphens to one: a dash that a keyboard made of two hyphens cannot be told from one that was asked for.
    /// </summary>
    public static string JoinHyphens(string text)
    {
        var joined = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c != '-' || joined is not [.., '-'])
            {
                joined.Append(c);
            }
        }

        return joined.ToString();
    }

    // Composed again at the end: a mark may now stand beside its letter.
    private static string Replace(string typed, FrozenDictionary<int, string> table)
    {
        var plain = new StringBuilder(typed.Length);
        foreach (var rune in Unicode.Compose(typed).EnumerateRunes())
        {
            plain.Append(table.GetValueOrDefault(rune.Value) ?? rune.ToString());
        }

        return Unicode.Compose(plain.ToString());
    }

    private static (int First, int Last) One(int codePoint) => (codePoint, codePoint);

    private static FrozenDictionary<int, string> Table(IEnumerable<Substitution> substitutions) =>
        substitutions
            .SelectMany(substitution =>
                substitution.CodePoints.Select(codePoint => KeyValuePair.Create(codePoint, substitution.Plain))
            )
            .ToFrozenDictionary();
}
