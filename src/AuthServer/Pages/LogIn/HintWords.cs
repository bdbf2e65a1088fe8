using AuthServer.Accounts;

namespace AuthServer.Pages.LogIn;

/// <summary>What a hint says, on the log-in page and again on the help page.</summary>
internal static class HintWords
{
    public static string Of(LogInHint hint) =>
        hint switch
        {
            LogInHint.CapsLock => "Your password was mostly in capital letters. Check that caps lock is off.",
            LogInHint.UsernameAsPassword =>
                "Your password was the same as your username, or looked like a username or an email address. Check that each is in its own box.",
            LogInHint.FullStopAtEnd =>
                "Your password ended with a full stop. Phones and tablets put one there when you press space twice.",
            LogInHint.CharactersOnOtherKeys =>
                "Some characters are on different keys on different keyboards. Select Show to check what you typed.",
            LogInHint.EmailAddressIncomplete =>
                "An email address has an @, and a dot after it, like name@example.com. Check that yours is complete.",
            LogInHint.UsernameLacksDigits =>
                "Most usernames end in 4 numbers, like smith4821. Check that yours is complete.",
            LogInHint.CapitalFirstLetter =>
                "Your password started with a capital letter. Phones and tablets often put one there.",
            LogInHint.SpacesAroundPassword =>
                "There was a space before or after your password. Check that it belongs there.",
            LogInHint.AddressMayBeShared =>
                "If more than one account has your email address, you cannot log in with it. Use your username.",
            _ => throw new InvalidOperationException($"There are no words for the hint {hint}."),
        };
}
