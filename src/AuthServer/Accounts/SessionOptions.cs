using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>Settings under <c>Sessions</c>.</summary>
public sealed class SessionOptions : IValidatableObject
{
    public const string Section = "Sessions";

    /// <summary>
    /// How long a session lives without being used, by its browser or by an app that refreshes tokens. Default 1 hour.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:05:00",
        "1.00:00:00",
        ErrorMessage = "Sessions:IdleTimeout must be between 00:05:00 and 1.00:00:00."
    )]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a session lives at the most, from the log-in. Default 12 hours.</summary>
    [Range(
        typeof(TimeSpan),
        "00:05:00",
        "30.00:00:00",
        ErrorMessage = "Sessions:AbsoluteLifetime must be between 00:05:00 and 30.00:00:00."
    )]
    public TimeSpan AbsoluteLifetime { get; set; } = TimeSpan.FromHours(12);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IdleTimeout > AbsoluteLifetime)
        {
            yield return new ValidationResult(
                "Sessions:IdleTimeout must not be longer than Sessions:AbsoluteLifetime."
            );
        }
    }
}

[OptionsValidator]
internal sealed partial class SessionOptionsValidator : IValidateOptions<SessionOptions>;
