namespace AuthServer.Accounts;

/// <summary>Likely slips of a keyboard, seen in what was submitted alone: no account is looked at, so a hint tells nothing about one.</summary>
internal static class LogInHints
{
    private static readonly (LogInHint Hint, Func<string, string, bool> Applies)[] All =
    [
        (LogInHint.AllCapitals, (_, password) => IsAllCapitals(password)),
        (LogInHint.CapitalFirstLetter, (_, password) => !IsAllCapitals(password) && password is [var first, ..] && char.IsUpper(first)),
        (LogInHint.TypographicCharacters, (identifier, password) => HasTypography(identifier) || HasTypography(password)),
        (LogInHint.SurroundingSpaces, (identifier, password) => HasSpacesAround(identifier) || HasSpacesAround(password)),
        (LogInHint.UsernameLacksDigits, (identifier, _) => LacksDigits(identifier)),
    ];

    /// <param name="identifier">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <returns>The likeliest first.</returns>
    public static IReadOnlyList<LogInHint> For(string identifier, string password) =>
        [.. All.Where(rule => rule.Applies(identifier, password)).Select(rule => rule.Hint)];

    private static bool IsAllCapitals(string password) =>
        password.Count(char.IsUpper) >= 2 && !password.Any(char.IsLower);

    private static bool HasTypography(string typed) =>
        typed.EnumerateRunes().Any(rune => rune.Value == 0x2026 || Identifier.ToAscii(rune) != rune);

    private static bool HasSpacesAround(string typed) => typed.Length != typed.Trim().Length;

    // New usernames end in four digits, and most old ones do.
    private static bool LacksDigits(string identifier) =>
        Identifier.Normalize(identifier) is { Length: > 0 } normalized
        && !Identifier.LooksLikeEmail(normalized)
        && normalized.Reverse().TakeWhile(char.IsAsciiDigit).Count() < 4;
}
