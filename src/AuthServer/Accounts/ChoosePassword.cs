using AuthServer.Passwords;

namespace AuthServer.Accounts;

/// <summary>What became of a password that somebody chose.</summary>
internal abstract record PasswordChoice
{
    private PasswordChoice() { }

    /// <summary>It may be set: store the hash, with <see cref="TypedPassword.Scheme"/>.</summary>
    public sealed record Accepted(string Hash) : PasswordChoice;

    /// <param name="Problem">A sentence that says what to change.</param>
    public sealed record Refused(string Problem) : PasswordChoice;

    /// <summary>The server is hashing as fast as it can (503 with Retry-After).</summary>
    public sealed record Busy(TimeSpan RetryAfter) : PasswordChoice;
}

/// <summary>
/// Checks a chosen password and makes its hash. Every page and command that sets a password calls this.
/// </summary>
internal sealed class ChoosePassword(PasswordRules rules, PasswordHashes hashes, PasswordHashQueue queue)
{
    /// <param name="typed">As typed.</param>
    /// <param name="details">Whose it is to be.</param>
    public async Task<PasswordChoice> ChooseAsync(
        string typed,
        PersonalDetails details,
        CancellationToken cancellationToken
    )
    {
        if (rules.Refusal(typed, details) is { } problem)
        {
            return new PasswordChoice.Refused(problem);
        }

        using var place = queue.TryEnter();
        return place is null
            ? new PasswordChoice.Busy(queue.RetryAfter)
            : new PasswordChoice.Accepted(
                await place.RunAsync(() => hashes.Hash(TypedPassword.Normalize(typed)), cancellationToken)
            );
    }
}
