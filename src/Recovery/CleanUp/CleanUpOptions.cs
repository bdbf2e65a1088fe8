using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Recovery.CleanUp;

/// <summary>
/// Settings under <c>CleanUp</c>: when the job runs, how much it may take, and how long recovery's rows are kept.
/// </summary>
public sealed class CleanUpOptions
{
    public const string Section = "CleanUp";

    /// <summary>How often it runs. Default 1 hour.</summary>
    [Range(
        typeof(TimeSpan),
        "00:00:01",
        "1.00:00:00",
        ErrorMessage = "CleanUp:Interval must be between 00:00:01 and 1.00:00:00."
    )]
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long one run may take; what is left is removed by the next. Default 10 minutes.</summary>
    [Range(
        typeof(TimeSpan),
        "00:00:01",
        "1.00:00:00",
        ErrorMessage = "CleanUp:TimeBudget must be between 00:00:01 and 1.00:00:00."
    )]
    public TimeSpan TimeBudget { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The most rows in one transaction. Default 1,000; fewer are taken where that many would take longer than
    /// <see cref="LongestBatch"/>.
    /// </summary>
    [Range(10, 10_000, ErrorMessage = "CleanUp:BatchSize must be between 10 and 10000.")]
    public int BatchSize { get; set; } = 1_000;

    /// <summary>
    /// What one transaction should take at the most: on SQLite everybody who writes waits for it. Default 20
    /// milliseconds.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:00:00.001",
        "00:00:05",
        ErrorMessage = "CleanUp:LongestBatch must be between 00:00:00.001 and 00:00:05."
    )]
    public TimeSpan LongestBatch { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// The share of a run's time in which it works; the rest it leaves to others, between batches. Default 0.5.
    /// </summary>
    [Range(0.001, 1, ErrorMessage = "CleanUp:Share must be between 0.001 and 1.")]
    public double Share { get; set; } = 0.5;

    /// <summary>
    /// How long a reset link is kept after it was used or replaced, or expired: so long can support say which. Default
    /// 7 days.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "01:00:00",
        "366.00:00:00",
        ErrorMessage = "CleanUp:ResetLinks must be between 01:00:00 and 366.00:00:00."
    )]
    public TimeSpan ResetLinks { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long a request for a reminder is kept after it was done; the limits count requests of the last day. Default
    /// 7 days.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "2.00:00:00",
        "366.00:00:00",
        ErrorMessage = "CleanUp:Requests must be between 2.00:00:00 and 366.00:00:00."
    )]
    public TimeSpan Requests { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long the draft of a case is kept after its last answer, when nobody came back to it. Default 7 days.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "2.00:00:00",
        "366.00:00:00",
        ErrorMessage = "CleanUp:CaseDrafts must be between 2.00:00:00 and 366.00:00:00."
    )]
    public TimeSpan CaseDrafts { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long a closed case keeps what the person stated; its row and its steps stay. Default 365 days.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "1.00:00:00",
        "3660.00:00:00",
        ErrorMessage = "CleanUp:CaseEvidence must be between 1.00:00:00 and 3660.00:00:00."
    )]
    public TimeSpan CaseEvidence { get; set; } = TimeSpan.FromDays(365);
}

[OptionsValidator]
internal sealed partial class CleanUpOptionsValidator : IValidateOptions<CleanUpOptions>;
