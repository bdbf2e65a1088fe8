using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Recovery.Cases.Desk;

/// <summary>Settings under <c>Recovery:Desk</c>.</summary>
public sealed class DeskOptions
{
    public const string Section = "Recovery:Desk";

    /// <summary>
    /// How old a log-in may be when its person approves or rejects a case; an older one is asked for again. Default 1
    /// hour: a desk that somebody left open over lunch gives nobody an account.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:05:00",
        "12:00:00",
        ErrorMessage = "Recovery:Desk:DecisionLogInAge must be between 00:05:00 and 12:00:00."
    )]
    public TimeSpan DecisionLogInAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Cases on one page of the list. Default 25.</summary>
    [Range(5, 200, ErrorMessage = "Recovery:Desk:CasesPerPage must be between 5 and 200.")]
    public int CasesPerPage { get; set; } = 25;

    /// <summary>
    /// From what time of the day, in the United Kingdom, staff who asked for it are sent a summary of the desk. Default
    /// 07:00.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:00:00",
        "23:50:00",
        ErrorMessage = "Recovery:Desk:SummaryTime must be between 00:00:00 and 23:50:00."
    )]
    public TimeSpan SummaryTime { get; set; } = TimeSpan.FromHours(7);

    /// <summary>Accounts that are suggested on a case. Default 5.</summary>
    [Range(1, 50, ErrorMessage = "Recovery:Desk:Suggestions must be between 1 and 50.")]
    public int Suggestions { get; set; } = 5;
}

[OptionsValidator]
internal sealed partial class DeskOptionsValidator : IValidateOptions<DeskOptions>;
