using AuthServer.Pages.Help;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages.About;

/// <summary>
/// The accessibility statement: the operator's own, or what is true of the program in any deployment.
/// </summary>
internal sealed class AccessibilityStatementModel(Policies policies, IOptions<HelpOptions> help) : PageModel
{
    /// <summary>The journey the person is on, handed on from link to link.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    public string? Organisation => policies.Organisation;

    /// <summary>The operator's own text, without the heading; null when there is none.</summary>
    public string? Html => (policies.Accessibility as Policy.Written)?.Html;

    public HelpOptions Team => help.Value;

    public IActionResult OnGet() =>
        policies.Accessibility is Policy.Elsewhere { Address: var address } ? Redirect(address.AbsoluteUri) : Page();
}
