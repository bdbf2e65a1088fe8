using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Recovery;

/// <summary>
/// Settings under <c>Limits:Recovery</c>: how often the forgotten-details tool writes to anybody. Beyond a limit the
/// person sees the same page, and nothing is sent.
/// </summary>
public sealed class RecoveryLimitOptions
{
    public const string Section = "Limits:Recovery";

    /// <summary>Reset links that one account is sent in an hour. Default 3.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Limits:Recovery:LinksPerAccount must be between 1 and 1000000.")]
    public int LinksPerAccount { get; set; } = 3;

    /// <summary>Mails of any kind that one address is sent in an hour, whoever asks for them. Default 5.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Limits:Recovery:MailsPerAddress must be between 1 and 1000000.")]
    public int MailsPerAddress { get; set; } = 5;

    /// <summary>Mails in a day to an address that nobody uses here. Default 3.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Limits:Recovery:UnknownAddressMails must be between 1 and 1000000.")]
    public int UnknownAddressMails { get; set; } = 3;

    /// <summary>
    /// Requests in an hour from one network (an IPv4 /24 or IPv6 /48); further ones are not even kept. Default 300: a
    /// whole hospital may share one, and on the day when trainees change posts many have forgotten.
    /// </summary>
    [Range(1, 10_000_000, ErrorMessage = "Limits:Recovery:RequestsPerNetwork must be between 1 and 10000000.")]
    public int RequestsPerNetwork { get; set; } = 300;

    /// <summary>
    /// How often in a minute the strength of a password is said for one link while it is typed. Default 120.
    /// </summary>
    [Range(1, 100_000, ErrorMessage = "Limits:Recovery:StrengthPerMinute must be between 1 and 100000.")]
    public int StrengthPerMinute { get; set; } = 120;
}

[OptionsValidator]
internal sealed partial class RecoveryLimitOptionsValidator : IValidateOptions<RecoveryLimitOptions>;
