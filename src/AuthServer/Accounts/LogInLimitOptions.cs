using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>Settings under <c>Limits:LogIn</c>: how wrong guesses at one account are slowed down.</summary>
public sealed class LogInLimitOptions : IValidatableObject
{
    public const string Section = "Limits:LogIn";

    /// <summary>Failures in a row that cost nothing. Default 5.</summary>
    [Range(0, 1_000_000, ErrorMessage = "Limits:LogIn:FreeFailures must be between 0 and 1000000.")]
    public int FreeFailures { get; set; } = 5;

    /// <summary>
    /// How long nothing is checked after the first failure that is not free; it doubles with each further one. Default
    /// 1 second.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:00:00.1",
        "1.00:00:00",
        ErrorMessage = "Limits:LogIn:FirstDelay must be between 00:00:00.1 and 1.00:00:00."
    )]
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the doubling ends. Default 15 minutes.</summary>
    [Range(
        typeof(TimeSpan),
        "00:00:00.1",
        "1.00:00:00",
        ErrorMessage = "Limits:LogIn:LongestDelay must be between 00:00:00.1 and 1.00:00:00."
    )]
    public TimeSpan LongestDelay { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Failures in a row after which only recovery (or <c>users unlock</c>) helps. Default 100, the most that NIST SP
    /// 800-63B-4 §3.2.2 allows.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "Limits:LogIn:HardStop must be between 1 and 1000000.")]
    public int HardStop { get; set; } = 100;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LongestDelay < FirstDelay)
        {
            yield return new ValidationResult(
                "Limits:LogIn:LongestDelay must not be shorter than Limits:LogIn:FirstDelay."
            );
        }
    }
}

[OptionsValidator]
internal sealed partial class LogInLimitOptionsValidator : IValidateOptions<LogInLimitOptions>;
