namespace AuthServer.Accounts;

/// <summary>How an attempt to log in with a password ended.</summary>
public abstract record LogInOutcome
{
    private LogInOutcome()
    {
    }

    /// <summary>The password was right at the instant <paramref name="At"/>. The caller starts a session.</summary>
    public sealed record LoggedIn(Guid AccountId, Guid SecurityStamp, string Methods, DateTimeOffset At) : LogInOutcome;

    /// <summary>
    /// Wrong, unknown or disabled: nobody is told which. <paramref name="Hints"/> come from what was submitted alone;
    /// after five failures <paramref name="OfferHelpFirst"/> is true.
    /// </summary>
    public sealed record Refused(IReadOnlyList<LogInHint> Hints, bool OfferHelpFirst) : LogInOutcome;

    /// <summary>Too many attempts: nothing was checked. A reset lifts it. <paramref name="RetryAfter"/> is null when only a reset does.</summary>
    public sealed record Throttled(TimeSpan? RetryAfter) : LogInOutcome;

    /// <summary>The server is hashing as fast as it can (503 with Retry-After).</summary>
    public sealed record Busy(TimeSpan RetryAfter) : LogInOutcome;
}

/// <summary>A likely slip of the keyboard, seen in the submission alone (design: hints leak nothing).</summary>
public enum LogInHint
{
    /// <summary>The password starts with a capital: phones do that by themselves.</summary>
    CapitalFirstLetter,

    /// <summary>Every letter is a capital: is caps lock on?</summary>
    AllCapitals,

    /// <summary>Curly quotes or long dashes were typed.</summary>
    TypographicCharacters,

    /// <summary>Spaces before or after.</summary>
    SurroundingSpaces,

    /// <summary>The username has neither an @ nor the four digits that most usernames end in.</summary>
    UsernameLacksDigits,
}
