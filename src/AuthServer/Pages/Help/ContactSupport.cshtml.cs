using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthServer.Pages.Help;

/// <summary>
/// Leads to the quick way back first, to a support case second, and to whatever else the operator offers last.
/// </summary>
internal sealed class ContactSupportModel(IOptions<HelpOptions> options) : PageModel
{
    /// <summary>The journey the person is on, handed on from link to link.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    public HelpOptions Team => options.Value;

    /// <summary>True when the operator offers something besides the pages.</summary>
    public bool OtherWays => Team.Email is not null || Team.Telephone is not null;
}
