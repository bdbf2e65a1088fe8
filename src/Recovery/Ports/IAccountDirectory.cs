namespace Recovery.Ports;

/// <summary>
/// What recovery needs to know about, and do to, an account. The host implements it. Writes join the current
/// transaction.
/// </summary>
public interface IAccountDirectory
{
    /// <summary>
    /// Every account with this verified e-mail address, however it was typed: several people or accounts may share one.
    /// When none has it, the one account that answers to its letters and digits.
    /// </summary>
    /// <param name="email">As typed; the host normalizes it.</param>
    Task<FoundByEmail> FindByEmailAsync(string email, CancellationToken cancellationToken);

    /// <summary>The account that answers to this username (or unshared address), or null.</summary>
    Task<AccountReference?> FindByIdentifierAsync(string identifier, CancellationToken cancellationToken);

    Task<AccountReference?> FindByIdAsync(Guid accountId, CancellationToken cancellationToken);

    /// <summary>
    /// Checks a chosen password and does the slow part of setting it. Called before the transaction that sets it, which
    /// must not wait for a hash.
    /// </summary>
    Task<ChosenPassword> ChoosePasswordAsync(Guid accountId, string password, CancellationToken cancellationToken);

    /// <summary>
    /// Sets it, ends every session and grant of the account and lifts its throttle, with the audit event, inside the
    /// caller's transaction.
    /// </summary>
    /// <returns>
    /// The account's new security stamp; null, and nothing is written, when the account has changed so that the right
    /// is none (any more).
    /// </returns>
    Task<Guid?> SetPasswordAsync(
        Guid accountId,
        ChosenPassword.Accepted password,
        ResetRight right,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Keeps everybody out of the account and ends what it has open, with the audit event, inside the caller's
    /// transaction.
    /// </summary>
    /// <returns>False when it was disabled before.</returns>
    Task<bool> DisableAsync(Guid accountId, Guid actorId, CancellationToken cancellationToken);

    /// <summary>How strong a password would be, while it is typed. Nothing is kept.</summary>
    Task<PasswordStrengthAnswer> StrengthAsync(Guid? accountId, string password, CancellationToken cancellationToken);
}

/// <param name="Accounts">Empty when none answers to the address.</param>
/// <param name="IsExact">False: what was typed is spelled otherwise than the address of the account, and may be another
/// person's.</param>
public sealed record FoundByEmail(IReadOnlyList<AccountReference> Accounts, bool IsExact)
{
    /// <summary>
    /// Accounts with this address that have not confirmed it; looked for only when no account answers to it.
    /// </summary>
    public IReadOnlyList<Guid> Unconfirmed { get; init; } = [];
}

/// <summary>An account as recovery sees it.</summary>
/// <param name="Id">The account's id.</param>
/// <param name="Username">As it was typed when it was set.</param>
/// <param name="DisplayName">What to call the person.</param>
/// <param name="Email">Where mail goes, or null when no address is verified.</param>
/// <param name="EmailNormalized">The same, normalized: what a link is bound to.</param>
/// <param name="Disabled">True: the person is told to contact support, and gets no link.</param>
/// <param name="HasPassword">False: an invited person who has not chosen one yet.</param>
/// <param name="Staff">None, Support or Administrator.</param>
/// <param name="SecurityStamp">Replaced at every new password, lock and sign-out everywhere: links of another stamp are
/// void.</param>
/// <param name="PasswordGeneration">How often a password has been set.</param>
public sealed record AccountReference(
    Guid Id,
    string Username,
    string DisplayName,
    string? Email,
    string? EmailNormalized,
    bool Disabled,
    bool HasPassword,
    StaffKind Staff,
    Guid SecurityStamp = default,
    int PasswordGeneration = 0
);

/// <summary>What gives somebody the right to set an account's password. A disabled account has no such right.</summary>
/// <param name="SentTo">The normalized address that a link was sent to: it has to be the account's verified address
/// still.</param>
/// <param name="SecurityStamp">The account's when the link was made: it has to be the account's still.</param>
public sealed record ResetRight(string SentTo, Guid SecurityStamp);

public enum StaffKind
{
    None = 0,
    Support = 1,
    Administrator = 2,
}

/// <param name="Score">0 (guessed at once) to 4 (very hard to guess).</param>
/// <param name="Refusals">What has to change, a sentence each; empty when it would be accepted.</param>
public sealed record PasswordStrengthAnswer(int Score, IReadOnlyList<string> Refusals);

/// <summary>What became of a password that somebody chose.</summary>
public abstract record ChosenPassword
{
    /// <summary>
    /// It may be set. What the host needs for that is in its own derived type: recovery never sees a hash.
    /// </summary>
    public abstract record Accepted : ChosenPassword;

    /// <param name="Reasons">What to change, a sentence each.</param>
    public sealed record Refused(IReadOnlyList<string> Reasons) : ChosenPassword;

    /// <summary>The server is hashing as fast as it can (503 with Retry-After).</summary>
    public sealed record Busy(TimeSpan RetryAfter) : ChosenPassword;
}
