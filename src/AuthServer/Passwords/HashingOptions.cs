using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

/// <summary>Settings under <c>Limits:Hashing</c>: how much of the machine password hashes may take.</summary>
public sealed class HashingOptions
{
    public const string Section = "Limits:Hashing";

    /// <summary>
    /// Passwords that are checked at a time. Default: the number of processors less one, and at least one.
    /// </summary>
    [Range(1, 1024, ErrorMessage = "Limits:Hashing:AtOnce must be between 1 and 1024.")]
    public int? AtOnce { get; set; }

    /// <summary>
    /// Log-ins that may wait for their turn; the next one is told to come back (503). Default: 20 for each checked at a
    /// time.
    /// </summary>
    [Range(0, 100_000, ErrorMessage = "Limits:Hashing:Queue must be between 0 and 100000.")]
    public int? Queue { get; set; }

    /// <summary>What <c>Retry-After</c> says when the queue is full. Default 5 seconds.</summary>
    [Range(
        typeof(TimeSpan),
        "00:00:01",
        "00:05:00",
        ErrorMessage = "Limits:Hashing:RetryAfter must be between 00:00:01 and 00:05:00."
    )]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    public int Slots => AtOnce ?? Math.Max(1, Environment.ProcessorCount - 1);

    public int Places => Slots + (Queue ?? 20 * Slots);
}

[OptionsValidator]
internal sealed partial class HashingOptionsValidator : IValidateOptions<HashingOptions>;
