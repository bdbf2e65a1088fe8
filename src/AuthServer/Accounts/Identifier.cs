using System.Text;

namespace AuthServer.Accounts;

/// <summary>
/// Normalizes what people type to say who they are, so that a phone's curly apostrophe, a capital first letter or a
/// pasted space never keeps anyone out. The normalized form is a key, never shown; what was typed is kept beside it.
/// </summary>
/// <remarks>
/// Rules for setting a username or address are in <see cref="IdentifierRules"/>; how an account is found by what is not
/// quite its identifier is in <see cref="IdentifierKeys"/>.
/// </remarks>
internal static class Identifier
{
    /// <summary>
    /// <see cref="Plain"/>, and the domain of an address in its IDNA form (UTS 46), in Unicode. Normalizing twice
    /// changes nothing.
    /// </summary>
    /// <returns>The key; empty when nothing visible was typed.</returns>
    public static string Normalize(string typed) => WithDomain(Plain(typed));

    /// <summary>
    /// Unicode NFC, the <see cref="Substitutions"/>, lower case, no spaces around it and single ones in it; in what is
    /// no address, single hyphens.
    /// </summary>
    public static string Plain(string typed)
    {
        var plain = new StringBuilder(typed.Length);
        foreach (var rune in Substitutions.InIdentifier(typed).EnumerateRunes())
        {
            // Runs of spaces are one space, and there is none at the start.
            if (rune.Value != ' ' || (plain.Length > 0 && plain[^1] != ' '))
            {
                plain.Append(Rune.ToLowerInvariant(rune).ToString());
            }
        }

        // Composed again: a lower-case pair may have a composed form.
        var text = Unicode.Compose(plain.ToString()).TrimEnd(' ');
        // a--b@example.org is another mailbox than a-b@.
        return LooksLikeEmail(text) ? text : Substitutions.JoinHyphens(text);
    }

    /// <param name="plain">What <see cref="Plain"/> made of it.</param>
    public static string WithDomain(string plain) =>
        plain.LastIndexOf('@') is var at and >= 0 ? plain[..(at + 1)] + DomainName.Normalize(plain[(at + 1)..]) : plain;

    /// <summary>True for what looks like an address: only its owner may have it as a username.</summary>
    public static bool LooksLikeEmail(string normalized) => normalized.Contains('@', StringComparison.Ordinal);
}
