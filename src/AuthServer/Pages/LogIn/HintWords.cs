using AuthServer.Accounts;

namespace AuthServer.Pages.LogIn;

/// <summary>What a hint says, on the log-in page and again on the help page.</summary>
internal static class HintWords
{
    public static string Of(LogInHint hint) => hint switch
    {
        LogInHint.CapitalFirstLetter => "Your password started with a capital letter. Phones and tablets often put one there.",
        LogInHint.AllCapitals => "Your password was in capital letters. Check that caps lock is off.",
        LogInHint.TypographicCharacters =>
            "You typed a curly quote or a long dash. We read these as a straight quote and a hyphen, so something else is wrong.",
        LogInHint.SurroundingSpaces => "There was a space before or after what you typed. Check that it belongs there.",
        LogInHint.UsernameLacksDigits => "Most usernames end in 4 numbers, like smith4821. Check that yours is complete.",
        _ => throw new InvalidOperationException($"There are no words for the hint {hint}."),
    };
}
