using AuthServer.Passwords;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>
/// What a new password must be like, wherever it is set. No rule asks for kinds of characters (NIST SP 800-63B-4
/// §3.1.1.2); each refusal says what to change.
/// </summary>
internal sealed class PasswordRules
{
    /// <summary>Code points, after normalization.</summary>
    public const int Shortest = 12;

    /// <summary>Code points, after normalization.</summary>
    public const int Longest = 256;

    /// <summary>Estimated; fewer than this many guesses are made in seconds by whoever has stolen the hash.</summary>
    private const double FewestBits = 30;

    /// <summary>
    /// A password needs this many letters and digits besides somebody's own details or this service's words.
    /// </summary>
    private const int FewestOfOnesOwn = 8;

    /// <summary>What everybody who logs in here thinks of first (OWASP ASVS 6.1.2), longest first.</summary>
    private static readonly string[] ServiceWords =
    [
        "eportfolios",
        "eportfolio",
        "e-portfolio",
        "portfolios",
        "portfolio",
        "supervisor",
        "passwords",
        "password",
        "trainee",
        "foundation",
        "hospital",
        "deanery",
        "medical",
        "college",
        "welcome",
        "letmein",
        "doctor",
        "logbook",
        "consultant",
        "nurse",
        "login",
        "log in",
        "nhs",
    ];

    private readonly CommonPasswords _common;
    private readonly string[] _words;
    private readonly (Func<string, PersonalDetails, bool> Breaks, string Message)[] _all;

    public PasswordRules(CommonPasswords common, IOptions<PasswordOptions> options)
    {
        _common = common;
        _words =
        [
            .. options
                .Value.RefusedWords.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(Identifier.Plain)
                .Concat(ServiceWords)
                .OrderByDescending(word => word.Length),
        ];
        _all =
        [
            (
                (password, _) => Unicode.CodePoints(password) < Shortest,
                $"Your password must be {Shortest} characters or more."
            ),
            (
                (password, _) => Unicode.CodePoints(password) > Longest,
                $"Your password must be {Longest} characters or fewer."
            ),
            ((password, _) => _common.Contain(password), "This password is one that many people use. Choose another."),
            (
                IsMadeOfDetails,
                "Your password must not be made of your name, username, email address or registration number. Use other words."
            ),
            (
                IsMadeOfServiceWords,
                "Your password must not be made of words like NHS, portfolio or password. Use other words."
            ),
            (
                IsEasyToGuess,
                "This password is made of words or patterns that are easy to guess. Add another word or two."
            ),
        ];
    }

    /// <param name="typed">As typed; it is normalized before anything is looked at, so that no two spellings pass as
    /// two strengths.</param>
    /// <param name="details">Whose password it is to be.</param>
    /// <returns>The first rule it breaks, as a sentence that says what to change; null when it breaks none.</returns>
    public string? Refusal(string typed, PersonalDetails details)
    {
        var normalized = TypedPassword.Normalize(typed);
        return _all.FirstOrDefault(rule => rule.Breaks(normalized, details)).Message;
    }

    private static bool IsMadeOfDetails(string password, PersonalDetails details) =>
        IsMadeOf(password, details.Pieces());

    private bool IsMadeOfServiceWords(string password, PersonalDetails details) =>
        IsMadeOf(password, [.. details.Pieces(), .. _words]);

    private bool IsEasyToGuess(string password, PersonalDetails details) =>
        PasswordStrength.Bits(password, [.. details.Pieces(), .. _words]) < FewestBits;

    private static bool IsMadeOf(string password, IReadOnlyList<string> pieces)
    {
        var rest = Identifier.Plain(password);
        foreach (var piece in pieces)
        {
            rest = rest.Replace(piece, "\n", StringComparison.Ordinal);
        }

        // A password that has none of the words in it may have as few letters as it likes.
        return rest.Contains('\n', StringComparison.Ordinal) && rest.Count(char.IsLetterOrDigit) < FewestOfOnesOwn;
    }
}
