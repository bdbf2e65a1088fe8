using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.Keys;

/// <summary>How long signing keys live: the settings under <c>Keys</c>.</summary>
public sealed class KeyOptions : IValidatableObject
{
    public const string Section = "Keys";

    /// <summary>How long a key signs. Default 90 days.</summary>
    [Range(
        typeof(TimeSpan),
        "1.00:00:00",
        "731.00:00:00",
        ErrorMessage = "Keys:Life must be between 1.00:00:00 and 731.00:00:00."
    )]
    public TimeSpan Life { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long before it signs a key is published, so that every app has it in time. Default 14 days.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "01:00:00",
        "365.00:00:00",
        ErrorMessage = "Keys:Announce must be between 01:00:00 and 365.00:00:00."
    )]
    public TimeSpan Announce { get; set; } = TimeSpan.FromDays(14);

    /// <summary>
    /// How long after it stopped signing a key stays published. Default 14 days; at least one day, which is as long as
    /// any token may live, so that every token can be verified to its end.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "1.00:00:00",
        "365.00:00:00",
        ErrorMessage = "Keys:Keep must be between 1.00:00:00 and 365.00:00:00."
    )]
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(14);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Announce >= Life)
        {
            yield return new ValidationResult("Keys:Announce must be shorter than Keys:Life.");
        }
    }
}

[OptionsValidator]
internal sealed partial class KeyOptionsValidator : IValidateOptions<KeyOptions>;
