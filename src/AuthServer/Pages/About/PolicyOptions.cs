using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages.About;

/// <summary>
/// Settings under <c>Policies</c>: what the organisation that runs the service has to publish. Each page is an https
/// address, which the footer links to, or a file of HTML below the page's heading. Default: a page that says what is
/// true of the program.
/// </summary>
public sealed class PolicyOptions
{
    public const string Section = "Policies";

    /// <summary>Who runs the service, such as "Example NHS Trust".</summary>
    [StringLength(200, ErrorMessage = "Policies:Organisation must be 200 characters or fewer.")]
    public string? Organisation { get; set; }

    /// <summary>The accessibility statement: an https address or the path of an HTML file.</summary>
    public string? Accessibility { get; set; }

    /// <summary>The privacy policy: an https address or the path of an HTML file.</summary>
    public string? Privacy { get; set; }
}

[OptionsValidator]
internal sealed partial class PolicyOptionsValidator : IValidateOptions<PolicyOptions>;

/// <summary>Reads what the settings lead to, once at start, so that a wrong path stops the start.</summary>
internal sealed class PolicySourcesValidator : IValidateOptions<PolicyOptions>
{
    public ValidateOptionsResult Validate(string? name, PolicyOptions options)
    {
        string[] mistakes =
        [
            .. new (string Key, string? Value)[]
            {
                ("Accessibility", options.Accessibility),
                ("Privacy", options.Privacy),
            }
                .Select(setting =>
                    Policy.Read(setting.Value) is Policy.Unreadable
                        ? $"Policies:{setting.Key} must be an https address, or the path of a UTF-8 HTML file that can be read."
                        : null
                )
                .OfType<string>(),
        ];
        return mistakes.Length > 0 ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
    }
}
