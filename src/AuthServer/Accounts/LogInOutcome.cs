namespace AuthServer.Accounts;

/// <summary>How an attempt to log in with a password ended.</summary>
public abstract record LogInOutcome
{
    private LogInOutcome() { }

    /// <summary>The password was right at the instant <paramref name="At"/>. The caller starts a session.</summary>
    public sealed record LoggedIn(Guid AccountId, Guid SecurityStamp, string Methods, DateTimeOffset At) : LogInOutcome;

    /// <summary>
    /// Wrong, unknown or disabled: nobody is told which. <paramref name="Hints"/> come from what was submitted alone;
    /// after five failures <paramref name="OfferHelpFirst"/> is true.
    /// </summary>
    public sealed record Refused(IReadOnlyList<LogInHint> Hints, bool OfferHelpFirst) : LogInOutcome
    {
        /// <summary>
        /// True when no hint names a slip: what the others speak of may be as it should be, such as a character that is
        /// on other keys, an address that one account has, or an old password that is short.
        /// </summary>
        public bool NeedsGeneralAdvice => !Hints.Any(NamesSlip);

        private static bool NamesSlip(LogInHint hint) =>
            hint
                is not (
                    LogInHint.CharactersOnOtherKeys
                    or LogInHint.AddressMayBeShared
                    or LogInHint.UsernameInAddress
                    or LogInHint.UsernameUnlikeMost
                    or LogInHint.LettersForAccent
                    or LogInHint.PasswordShort
                    or LogInHint.SpacesTogether
                    or LogInHint.CapitalAtEachWord
                );
    }

    /// <summary>
    /// Too many attempts: nothing was checked. A reset lifts it. <paramref name="RetryAfter"/> is null when only a
    /// reset does.
    /// </summary>
    public sealed record Throttled(TimeSpan? RetryAfter) : LogInOutcome;

    /// <summary>The server is hashing as fast as it can (503 with Retry-After).</summary>
    public sealed record Busy(TimeSpan RetryAfter) : LogInOutcome;
}

/// <summary>
/// A likely slip of the keyboard, seen in the submission alone (design: hints leak nothing). At most 32: see
/// <see cref="RecentHints"/>.
/// </summary>
public enum LogInHint
{
    /// <summary>More capitals than small letters in the password, or all capitals: is caps lock on?</summary>
    CapsLock,

    /// <summary>The password is the username or an address: was it typed into the wrong field?</summary>
    UsernameAsPassword,

    /// <summary>The password ends with one full stop: phones make one of two spaces.</summary>
    FullStopAtEnd,

    /// <summary>
    /// A character of the password is on another key on other keyboards, or comes from one that is set to another
    /// language.
    /// </summary>
    CharactersOnOtherKeys,

    /// <summary>An address without an @ or a dot, or with a comma.</summary>
    EmailAddressIncomplete,

    /// <summary>The username has fewer than the four digits that most usernames end in.</summary>
    UsernameLacksDigits,

    /// <summary>The password starts with a capital, and nothing is forgiven here.</summary>
    CapitalFirstLetter,

    /// <summary>There are spaces around the password, and nothing is forgiven here.</summary>
    SpacesAroundPassword,

    /// <summary>An address was typed: one that is not held, or that several accounts have, does not log in.</summary>
    AddressMayBeShared,

    /// <summary>The username or the password is the same text twice: the box was not empty.</summary>
    TypedTwice,

    /// <summary>Each of several words of the password begins with a capital.</summary>
    CapitalAtEachWord,

    /// <summary>There are spaces together inside the password, which count.</summary>
    SpacesTogether,

    /// <summary>The password is shorter than any that is chosen here; one that was imported may be so short.</summary>
    PasswordShort,

    /// <summary>The domain of the address is one slip away from one that many people have.</summary>
    AddressDomainMisspelt,

    /// <summary>A username, an @ and a domain.</summary>
    UsernameInAddress,

    /// <summary>The username has digits enough, but is not letters and then four of them.</summary>
    UsernameUnlikeMost,

    /// <summary>Two letters that may stand for one with an accent, as in mueller: the letter alone is found.</summary>
    LettersForAccent,
}
