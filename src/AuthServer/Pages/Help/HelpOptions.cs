using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages.Help;

/// <summary>
/// Settings under <c>Help</c>: other ways to reach the support team, for people who cannot use the pages. Default: none
/// are shown.
/// </summary>
public sealed class HelpOptions
{
    public const string Section = "Help";

    /// <summary>Such as support@example.nhs.uk.</summary>
    [EmailAddress(ErrorMessage = "Help:Email must be an email address, such as support@example.nhs.uk.")]
    public string? Email { get; set; }

    /// <summary>As it is written for people, such as 0300 123 4567.</summary>
    [RegularExpression(
        @"\+?[0-9 ()]{3,30}",
        ErrorMessage = "Help:Telephone must be a telephone number, such as 0300 123 4567."
    )]
    public string? Telephone { get; set; }

    /// <summary>When somebody answers, such as "Monday to Friday, 9am to 5pm".</summary>
    [StringLength(200, ErrorMessage = "Help:Hours must be 200 characters or fewer.")]
    public string? Hours { get; set; }
}

[OptionsValidator]
internal sealed partial class HelpOptionsValidator : IValidateOptions<HelpOptions>;
