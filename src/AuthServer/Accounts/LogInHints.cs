using System.Text;
using System.Text.RegularExpressions;

namespace AuthServer.Accounts;

/// <summary>
/// Likely slips of a keyboard, seen in what was submitted alone: no account is looked at, so a hint tells nothing about
/// one. What the program puts right by itself is never a hint, because it cannot be the reason.
/// </summary>
internal static partial class LogInHints
{
    /// <summary>Digits that most usernames end in.</summary>
    private const int Digits = 4;

    /// <summary>
    /// Code points. A password that is chosen here is no shorter, and one of this length cannot be told from a username.
    /// </summary>
    private const int ShortestPassword = PasswordRules.Shortest;

    /// <summary>Code points. Less than this may well be the same twice.</summary>
    private const int ShortestRepeated = 4;

    /// <summary>Characters that UK, US and other keyboards have on different keys.</summary>
    private const string OnOtherKeys = "@\"\u00A3#~|\\\u00AC\u20AC";

    private static readonly (LogInHint Hint, Func<Submission, bool> Applies)[] All =
    [
        (LogInHint.CapsLock, submission => IsMostlyCapitals(submission.Password)),
        (LogInHint.UsernameAsPassword, IsUsernameAsPassword),
        (
            LogInHint.TypedTwice,
            submission => IsSameTwice(submission.Keys.Exact) || IsSameTwice(submission.Password.Trim())
        ),
        (LogInHint.CapitalAtEachWord, submission => HasCapitalAtEachWord(submission.Password)),
        (LogInHint.FullStopAtEnd, submission => EndsWithFullStop(submission.Password)),
        (LogInHint.CharactersOnOtherKeys, submission => submission.Password.EnumerateRunes().Any(IsOnAnotherKey)),
        (LogInHint.EmailAddressIncomplete, submission => IsIncompleteEmail(submission.Keys.Exact)),
        (LogInHint.AddressDomainMisspelt, submission => HasMisspeltDomain(submission.Keys.Stripped)),
        (LogInHint.UsernameLacksDigits, submission => LacksDigits(submission.Keys)),
        (LogInHint.CapitalFirstLetter, submission => !submission.IsForgiving && StartsWithCapital(submission.Password)),
        (
            LogInHint.SpacesAroundPassword,
            submission => !submission.IsForgiving && submission.Password.Trim() != submission.Password
        ),
        (LogInHint.SpacesTogether, submission => submission.Password.Trim().Contains("  ", StringComparison.Ordinal)),
        (LogInHint.UsernameInAddress, submission => HasUsernameInAddress(submission.Keys.Stripped)),
        (LogInHint.UsernameUnlikeMost, submission => IsUnlikeMost(submission.Keys)),
        (LogInHint.LettersForAccent, submission => HasLettersForAccent(submission.Keys)),
        (LogInHint.PasswordShort, IsShort),
        (LogInHint.AddressMayBeShared, submission => IsWholeEmail(submission.Keys.Stripped)),
    ];

    /// <param name="identifier">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="forgiving">Whether spaces around a password and its first letter's case are forgiven: then they are
    /// not the reason.</param>
    /// <returns>The likeliest first.</returns>
    public static IReadOnlyList<LogInHint> For(string identifier, string password, bool forgiving)
    {
        var submission = new Submission(IdentifierKeys.Of(identifier), TypedPassword.Normalize(password), forgiving);
        return [.. All.Where(rule => rule.Applies(submission)).Select(rule => rule.Hint)];
    }

    // Also with Shift held while caps lock is on: tHREE.
    private static bool IsMostlyCapitals(string password) =>
        password.Count(char.IsUpper) is var capitals && capitals >= 2 && capitals > password.Count(char.IsLower);

    private static bool StartsWithCapital(string password) =>
        !IsMostlyCapitals(password) && password.EnumerateRunes().Select(Rune.IsUpper).FirstOrDefault();

    private static bool EndsWithFullStop(string password) =>
        password.TrimEnd() is var trimmed && trimmed.EndsWith('.') && !trimmed.EndsWith("..", StringComparison.Ordinal);

    // Full-width forms, digits and letters of other scripts come from a keyboard that is set to another language.
    private static bool IsOnAnotherKey(Rune rune) =>
        OnOtherKeys.Contains(rune.ToString(), StringComparison.Ordinal)
        || (Rune.IsDigit(rune) && !rune.IsAscii)
        || rune.Value is >= 0xFF01 and <= 0xFF5E
        || (Rune.IsLetter(rune) && rune.Value is >= 0x00C0 and < 0x1E00);

    private static bool IsSameTwice(string text) =>
        Unicode.CodePoints(text) >= 2 * ShortestRepeated
        && text.Length % 2 == 0
        && text.AsSpan(0, text.Length / 2).SequenceEqual(text.AsSpan(text.Length / 2));

    // Some phones put a capital at the start of every word.
    private static bool HasCapitalAtEachWord(string password) =>
        !IsMostlyCapitals(password) && CapitalWords().IsMatch(password) && !WordWithoutCapital().IsMatch(password);

    private static bool IsUsernameAsPassword(Submission submission)
    {
        var typed = IdentifierKeys.Of(submission.Password);
        return (typed.Letters.Length > 0 && typed.Letters == submission.Keys.Letters)
            || (IsWholeEmail(typed.Exact) && !IsWholeEmail(submission.Keys.Exact))
            || (
                Unicode.CodePoints(typed.Exact) < ShortestPassword
                && Username().IsMatch(typed.Exact)
                && !Username().IsMatch(submission.Keys.Stripped)
            );
    }

    private static bool IsShort(Submission submission) =>
        Unicode.CodePoints(submission.Password.Trim()) < ShortestPassword
        && !IsMostlyCapitals(submission.Password)
        && !IsUsernameAsPassword(submission);

    private static bool IsIncompleteEmail(string exact) =>
        Identifier.LooksLikeEmail(exact)
            ? !IsWholeEmail(IdentifierKeys.Of(exact).Stripped)
            : exact.Contains(',', StringComparison.Ordinal) || DomainAtEnd().IsMatch(exact);

    private static bool IsWholeEmail(string normalized) => IdentifierRules.ProblemWithEmail(normalized) is null;

    private static bool HasMisspeltDomain(string stripped) =>
        IsWholeEmail(stripped) && WellKnownDomains.IsMisspelt(stripped[(stripped.IndexOf('@') + 1)..]);

    private static bool HasUsernameInAddress(string stripped) =>
        IsWholeEmail(stripped) && Username().IsMatch(stripped[..stripped.IndexOf('@')]);

    private static bool LacksDigits(IdentifierKeys keys) =>
        IsForUsername(keys) && keys.Letters.Count(char.IsAsciiDigit) < Digits;

    // Enough digits, but too many of them, or not at the end, or no letters.
    private static bool IsUnlikeMost(IdentifierKeys keys) =>
        IsForUsername(keys) && !LacksDigits(keys) && !LettersAndDigits().IsMatch(keys.Letters);

    // Found without its accents; two letters in the place of one are not seen through.
    private static bool HasLettersForAccent(IdentifierKeys keys) =>
        IsForUsername(keys) && TwoForOne().IsMatch(keys.Letters);

    private static bool IsForUsername(IdentifierKeys keys) =>
        keys.Letters.Length > 0 && !Identifier.LooksLikeEmail(keys.Exact) && !IsIncompleteEmail(keys.Exact);

    /// <summary>A surname and four digits.</summary>
    [GeneratedRegex(@"^\p{L}[\p{L}\p{M}' -]*[0-9]{4}$")]
    private static partial Regex Username();

    /// <summary>The same without what stands between.</summary>
    [GeneratedRegex(@"^\p{L}+[0-9]{4}$")]
    private static partial Regex LettersAndDigits();

    /// <summary>How German and Scandinavian letters are written without their accents.</summary>
    [GeneratedRegex(@"ae|oe|ue")]
    private static partial Regex TwoForOne();

    /// <summary>At least two words that begin with a capital.</summary>
    [GeneratedRegex(@"\p{Lu}.*[^\p{L}\p{M}]\p{Lu}", RegexOptions.Singleline)]
    private static partial Regex CapitalWords();

    [GeneratedRegex(@"(?<![\p{L}\p{M}])(?!\p{Lu})\p{L}")]
    private static partial Regex WordWithoutCapital();

    /// <summary>An address whose @ is missing: it ends as addresses do.</summary>
    [GeneratedRegex(@"\.(?:com|org|net|edu|info|uk|ie|eu|nhs)\W*$")]
    private static partial Regex DomainAtEnd();

    /// <param name="Password">Normalized.</param>
    private sealed record Submission(IdentifierKeys Keys, string Password, bool IsForgiving);
}
