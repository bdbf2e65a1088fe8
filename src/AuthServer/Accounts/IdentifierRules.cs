using System.Globalization;
using System.Text;

namespace AuthServer.Accounts;

/// <summary>
/// What a username and an e-mail address must be like when they are set. Logging in is more forgiving.
/// </summary>
internal static class IdentifierRules
{
    /// <summary>
    /// Code points. RFC 5321 §4.5.3.1.3 allows an address 256 with its angle brackets; a username may be an address.
    /// </summary>
    private const int Longest = 254;

    /// <summary>RFC 5321 §4.5.3.1.1.</summary>
    private const int LongestLocalPart = 64;

    private const string UsernamePunctuation = "'-._@+ ";

    /// <returns>A sentence that says what is wrong, or null when nothing is.</returns>
    public static string? ProblemWithUsername(string typed)
    {
        if (ProblemWithText("username", typed) is { } problem)
        {
            return problem;
        }

        var normalized = Identifier.Normalize(typed);
        foreach (var rune in normalized.EnumerateRunes())
        {
            if (!IsLetterOrDigit(rune) && !UsernamePunctuation.Contains(rune.ToString(), StringComparison.Ordinal))
            {
                return $"A username cannot have {Describe(rune)} in it: use letters, digits, and . _ - + @ '.";
            }
        }

        return normalized.EnumerateRunes().Any(IsLetterOrDigit)
            ? null
            : "A username must have a letter or a digit in it.";
    }

    /// <returns>A sentence that says what is wrong, or null when nothing is.</returns>
    public static string? ProblemWithEmail(string typed)
    {
        if (ProblemWithText("email address", typed) is { } problem)
        {
            return problem;
        }

        // Mail is sent to the address as it was typed, so what normalization would mend has to be right here.
        foreach (var rune in typed.EnumerateRunes())
        {
            if (Substitutions.Of(rune) is { Length: > 0 } plain && !Rune.IsWhiteSpace(rune))
            {
                return $"The email address has {Describe(rune)} in it: use {plain} instead.";
            }
        }

        return HasShapeOfEmail(typed) ? null : "The email address must be like name@example.com.";
    }

    private static bool HasShapeOfEmail(string typed)
    {
        var at = typed.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || at != typed.LastIndexOf('@') || at > LongestLocalPart)
        {
            return false;
        }

        var domain = typed[(at + 1)..];
        return !typed.Any(c =>
                char.IsWhiteSpace(c) || c is '<' or '>' or '(' or ')' or '[' or ']' or ',' or ';' or ':' or '"' or '\\'
            )
            && IsDotted(typed[..at])
            && IsDotted(domain)
            && domain.Contains('.', StringComparison.Ordinal)
            && domain.Split('.').All(label => label is [not '-', .., not '-'] or [not '-'])
            && domain.EnumerateRunes().All(rune => IsLetterOrDigit(rune) || rune.Value is '.' or '-');
    }

    private static bool IsDotted(string text) => text.Split('.').All(part => part.Length > 0);

    private static string? ProblemWithText(string what, string typed)
    {
        if (Identifier.Normalize(typed).Length == 0)
        {
            return $"The {what} is empty.";
        }

        foreach (var rune in typed.EnumerateRunes())
        {
            if (rune.Value == 0xFFFD || Substitutions.Of(rune) is "")
            {
                return $"The {what} has an invisible character in it (U+{rune.Value:X4}): type it again without.";
            }
        }

        if (typed.Trim().Length != typed.Length)
        {
            return $"The {what} has a space before or after it.";
        }

        return Unicode.CodePoints(typed) > Longest ? $"The {what} must be {Longest} characters or fewer." : null;
    }

    /// <summary>Marks belong to the letter before them.</summary>
    public static bool IsLetterOrDigit(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static string Describe(Rune rune) =>
        Rune.IsWhiteSpace(rune) ? "a space" : $"the character {rune} (U+{rune.Value:X4})";
}
