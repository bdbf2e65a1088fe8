using System.Text.RegularExpressions;

namespace AuthServer.Accounts;

/// <summary>
/// What an account is looked for by, from what was typed: first exactly, then without what stands around it, then by
/// its letters and digits alone. <see cref="LogInIdentifiers.Find"/> asks for all three in one query.
/// </summary>
/// <param name="Exact">The normalized text.</param>
/// <param name="Stripped">The same without a label before it, without what surrounds an address, and without spaces and
/// punctuation around it.</param>
/// <param name="Letters">Letters and digits of <paramref name="Stripped"/>, without accents; empty when it has
/// none.</param>
internal sealed partial record IdentifierKeys(string Exact, string Stripped, string Letters)
{
    public static IdentifierKeys Of(string typed)
    {
        var plain = Identifier.Plain(typed);
        var stripped = Identifier.Normalize(Strip(plain));
        return new IdentifierKeys(Identifier.WithDomain(plain), stripped, SearchKey.Letters(stripped));
    }

    /// <summary>
    /// Keeps the tries for one person together, however they spell themselves, whether or not there is an account. Text
    /// without a letter or a digit is counted as it is; what has no visible character at all is counted together.
    /// </summary>
    public string Throttled => Letters.Length > 0 ? Letters : Exact;

    private static string Strip(string plain)
    {
        var text = plain;
        for (var before = ""; before != text; )
        {
            before = text;
            text = InBrackets().Match(text) is { Success: true } address ? address.Groups[1].Value : text;
            text = Mailto().Match(text) is { Success: true } mailto ? mailto.Groups[1].Value : text;
            text = Trim(Label().Replace(text, ""));
        }

        return text;
    }

    private static string Trim(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var (start, end) = (0, runes.Length);
        while (start < end && !IdentifierRules.IsLetterOrDigit(runes[start]))
        {
            start++;
        }

        while (end > start && !IdentifierRules.IsLetterOrDigit(runes[end - 1]))
        {
            end--;
        }

        return string.Concat(runes[start..end]);
    }

    [GeneratedRegex(@"<([^<>]*@[^<>]*)>")]
    private static partial Regex InBrackets();

    [GeneratedRegex(@"^mailto:([^?]*)")]
    private static partial Regex Mailto();

    [GeneratedRegex(
        @"^(?:my )?(?:(?:user ?name|user ?id|e-?mail(?: address)?)(?: is)?(?: ?[:=] ?| )|(?:user|log ?in) ?[:=] ?)"
    )]
    private static partial Regex Label();
}
