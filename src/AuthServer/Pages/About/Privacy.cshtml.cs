using AuthServer.Pages.Help;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages.About;

/// <summary>The privacy policy: the operator's own, or what is true of the program in any deployment.</summary>
internal sealed class PrivacyModel(Policies policies, IOptions<HelpOptions> help) : PageModel
{
    /// <summary>The journey the person is on, handed on from link to link.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    public string? Organisation => policies.Organisation;

    /// <summary>The operator's own text, without the heading; null when there is none.</summary>
    public string? Html => (policies.Privacy as Policy.Written)?.Html;

    public HelpOptions Team => help.Value;

    public IActionResult OnGet() =>
        policies.Privacy is Policy.Elsewhere { Address: var address } ? Redirect(address.AbsoluteUri) : Page();
}
