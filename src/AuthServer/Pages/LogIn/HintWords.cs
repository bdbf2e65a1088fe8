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
                "You can log in with an email address only if it is the one we have for you and no other account has it. Use your username, or check the spelling of the address.",
            LogInHint.TypedTwice => "You entered the same text twice in one box. Empty the box before you type in it.",
            LogInHint.CapitalAtEachWord =>
                "Every word of your password started with a capital letter. Some phones and tablets put them there.",
            LogInHint.SpacesTogether =>
                "There were spaces next to each other in your password. Check that you did not press space twice.",
            LogInHint.PasswordShort =>
                "Your password was short. New passwords have 12 characters or more. Check that you typed all of it.",
            LogInHint.AddressDomainMisspelt =>
                "The part of your email address after the @ is almost the name of a well-known email service. Check its spelling.",
            LogInHint.UsernameInAddress =>
                "The part of your email address before the @ looks like a username. If it is yours, enter it without the @ and what follows.",
            LogInHint.UsernameUnlikeMost =>
                "Most usernames are a surname and then 4 numbers, like smith4821. What you entered was different. Check that it is not a registration number, and that it is complete.",
            LogInHint.LettersForAccent =>
                "If your username has a letter with an accent, you can leave the accent out: muller for müller, not mueller.",
            _ => throw new InvalidOperationException($"There are no words for the hint {hint}."),
        };
}
