using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Recovery.ResetLinks;

namespace Recovery;

/// <summary>Settings under <c>Recovery</c>: how long its links work.</summary>
public sealed class RecoveryOptions
{
    public const string Section = "Recovery";

    /// <summary>How long a link to choose a new password works. Default 1 hour.</summary>
    [Range(
        typeof(TimeSpan),
        "00:05:00",
        "1.00:00:00",
        ErrorMessage = "Recovery:ResetLinkLifetime must be between 00:05:00 and 1.00:00:00."
    )]
    public TimeSpan ResetLinkLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long an invited person has to choose a first password. Default 7 days.</summary>
    [Range(
        typeof(TimeSpan),
        "01:00:00",
        "30.00:00:00",
        ErrorMessage = "Recovery:InvitationLifetime must be between 01:00:00 and 30.00:00:00."
    )]
    public TimeSpan InvitationLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long the link works that a support case ends in. Default 24 hours, the most NIST SP 800-63B-4 §4.2 allows by
    /// e-mail.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:05:00",
        "1.00:00:00",
        ErrorMessage = "Recovery:CaseLinkLifetime must be between 00:05:00 and 1.00:00:00."
    )]
    public TimeSpan CaseLinkLifetime { get; set; } = TimeSpan.FromHours(24);

    internal TimeSpan LifetimeOf(LinkPurpose purpose) =>
        purpose switch
        {
            LinkPurpose.Activation => InvitationLifetime,
            LinkPurpose.Case => CaseLinkLifetime,
            _ => ResetLinkLifetime,
        };
}

[OptionsValidator]
internal sealed partial class RecoveryOptionsValidator : IValidateOptions<RecoveryOptions>;
