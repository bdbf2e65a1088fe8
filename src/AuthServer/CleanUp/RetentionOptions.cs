using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.CleanUp;

/// <summary>
/// How long the host's rows are kept: more settings under <c>CleanUp</c>, beside those of the job itself.
/// </summary>
public sealed class RetentionOptions
{
    public const string Section = "CleanUp";

    /// <summary>
    /// How long a grant is kept after it expired or was revoked: so long the log can say why a token was refused.
    /// Default 1 day; at least as long as a code may be tried again. Holds for rows of pushed requests and used
    /// assertions too.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "01:00:00",
        "366.00:00:00",
        ErrorMessage = "CleanUp:Grants must be between 01:00:00 and 366.00:00:00."
    )]
    public TimeSpan Grants { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a session is kept after its absolute end: the account page shows the log-in before this one. Default 30
    /// days.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "01:00:00",
        "366.00:00:00",
        ErrorMessage = "CleanUp:Sessions must be between 01:00:00 and 366.00:00:00."
    )]
    public TimeSpan Sessions { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long the trail of a message is kept after it was accepted, refused or given up. Default 30 days.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "2.00:00:00",
        "3660.00:00:00",
        ErrorMessage = "CleanUp:Mail must be between 2.00:00:00 and 3660.00:00:00."
    )]
    public TimeSpan Mail { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long a count of failed log-ins is kept after the last of them, unless it has reached the hard stop. Default
    /// 30 days.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "1.00:00:00",
        "366.00:00:00",
        ErrorMessage = "CleanUp:Throttles must be between 1.00:00:00 and 366.00:00:00."
    )]
    public TimeSpan Throttles { get; set; } = TimeSpan.FromDays(30);
}

[OptionsValidator]
internal sealed partial class RetentionOptionsValidator : IValidateOptions<RetentionOptions>;
