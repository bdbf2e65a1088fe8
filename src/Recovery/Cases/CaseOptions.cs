using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Recovery.Cases;

/// <summary>Settings under <c>Recovery:Cases</c>: how long each part of a support case takes.</summary>
public sealed class CaseOptions
{
    public const string Section = "Recovery:Cases";

    /// <summary>
    /// How long a form that is not sent is kept after its last answer. Default 20 hours, which is also the least:
    /// people may need a night, and somebody at work, to find what is asked (WCAG 2.2.6).
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "20:00:00",
        "30.00:00:00",
        ErrorMessage = "Recovery:Cases:DraftLifetime must be between 20:00:00 and 30.00:00:00."
    )]
    public TimeSpan DraftLifetime { get; set; } = TimeSpan.FromHours(20);

    /// <summary>How long a question of staff waits for its answer before the case lapses. Default 14 days.</summary>
    [Range(
        typeof(TimeSpan),
        "1.00:00:00",
        "90.00:00:00",
        ErrorMessage = "Recovery:Cases:AnswerTime must be between 1.00:00:00 and 90.00:00:00."
    )]
    public TimeSpan AnswerTime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>
    /// How long every address held has to stop a case that was approved, before the link goes out. Default 24 hours;
    /// less than an hour gives nobody a chance.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "01:00:00",
        "14.00:00:00",
        ErrorMessage = "Recovery:Cases:WaitingTime must be between 01:00:00 and 14.00:00:00."
    )]
    public TimeSpan WaitingTime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How many working days people are told that a decision takes. Default 3.</summary>
    [Range(1, 60, ErrorMessage = "Recovery:Cases:WorkingDays must be between 1 and 60.")]
    public int WorkingDays { get; set; } = 3;
}

[OptionsValidator]
internal sealed partial class CaseOptionsValidator : IValidateOptions<CaseOptions>;

/// <summary>
/// Settings under <c>Limits:Cases</c>: how many cases one place or one address can begin. They keep the desk usable and
/// other people's mailboxes empty; a hospital that shares a network stays far below them.
/// </summary>
public sealed class CaseLimitOptions
{
    public const string Section = "Limits:Cases";

    /// <summary>Forms begun from one network (an IPv4 /24, an IPv6 /48) in an hour. Default 30.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Limits:Cases:PerNetworkPerHour must be between 1 and 1000000.")]
    public int PerNetworkPerHour { get; set; } = 30;

    /// <summary>Forms begun from one network in a day. Default 100.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Limits:Cases:PerNetworkPerDay must be between 1 and 1000000.")]
    public int PerNetworkPerDay { get; set; } = 100;

    /// <summary>
    /// Mails that one form can have sent, to whichever address. Default 6; further ones are not sent, and the page does
    /// not say so.
    /// </summary>
    [Range(2, 1_000, ErrorMessage = "Limits:Cases:MailsPerForm must be between 2 and 1000.")]
    public int MailsPerForm { get; set; } = 6;

    /// <summary>
    /// Mails that all forms together can have sent to one address in a day. Default 10; further ones are not sent, and
    /// the page does not say so.
    /// </summary>
    [Range(2, 1_000_000, ErrorMessage = "Limits:Cases:MailsPerAddressPerDay must be between 2 and 1000000.")]
    public int MailsPerAddressPerDay { get; set; } = 10;

    /// <summary>
    /// Cases with one address that wait for staff at the same time. Default 3: the proof of a fourth is not sent.
    /// </summary>
    [Range(1, 1_000, ErrorMessage = "Limits:Cases:OpenPerAddress must be between 1 and 1000.")]
    public int OpenPerAddress { get; set; } = 3;
}

[OptionsValidator]
internal sealed partial class CaseLimitOptionsValidator : IValidateOptions<CaseLimitOptions>;
