using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.ResetLinks;

/// <summary>What may be said of a password that is being typed.</summary>
internal abstract record Strength
{
    private Strength() { }

    /// <param name="Score">0 (guessed at once) to 4 (very hard to guess).</param>
    /// <param name="Message">The same in words, or what has to change first.</param>
    public sealed record Said(int Score, string Message) : Strength;

    /// <summary>The link does not work.</summary>
    public sealed record NoLink : Strength;

    public sealed record TooOften : Strength;
}

/// <summary>
/// Says how strong a password is while it is typed, to who has a link that works. What is typed is looked at and
/// forgotten.
/// </summary>
internal sealed class SayStrength(LinkReader reader, IAccountDirectory accounts, StrengthLimit limit)
{
    private static readonly string[] Words =
    [
        "Very easy to guess. Add another word or two.",
        "Easy to guess. Add another word or two.",
        "Good enough. Another word would make it stronger.",
        "Strong.",
        "Very strong.",
    ];

    public async Task<Strength> SayAsync(string? token, string typed, CancellationToken cancellationToken)
    {
        if (await reader.ReadAsync(token, cancellationToken) is not LinkState.Live live)
        {
            return new Strength.NoLink();
        }

        if (!limit.Allows(live.Link.Id))
        {
            return new Strength.TooOften();
        }

        var answer = await accounts.StrengthAsync(live.Account.Id, typed, cancellationToken);
        return answer.Refusals is [var refusal, ..]
            ? new Strength.Said(Math.Min(answer.Score, 1), refusal)
            : new Strength.Said(answer.Score, Words[answer.Score]);
    }
}

/// <summary>How often it is said for one link, in this process.</summary>
internal sealed class StrengthLimit(IOptions<RecoveryLimitOptions> limits) : IDisposable
{
    private readonly PartitionedRateLimiter<Guid> _limiter = PartitionedRateLimiter.Create<Guid, Guid>(link =>
        RateLimitPartition.GetFixedWindowLimiter(
            link,
            _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = limits.Value.StrengthPerMinute,
                Window = TimeSpan.FromMinutes(1),
            }
        )
    );

    public bool Allows(Guid link)
    {
        using var lease = _limiter.AttemptAcquire(link);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
