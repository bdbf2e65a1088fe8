using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Ports;
using Recovery.Requests;

namespace Recovery.Pages.ForgottenDetails;

/// <summary>Asks for an e-mail address, and answers every address alike.</summary>
internal sealed class ByEmailModel(AskForDetails ask, IRecoveryHost host, IAccountAddresses addresses) : PageModel
{
    /// <summary>The sealed request of the app that the person came from.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    [BindProperty]
    [Display(Name = "What is your email address?", Description = "We will email you your username and a link to choose a new password")]
    [Required(ErrorMessage = "Enter your email address")]
    [DataType(DataType.EmailAddress)]
    [UIHint("NhsText")]
    public string? Email { get; set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        // Only the shape is looked at, as the address will be read: capitals, curly apostrophes and brackets around it are no mistakes.
        var email = addresses.Clean(Email ?? "");
        if (ModelState.IsValid && addresses.Problem(email) is not null)
        {
            ModelState.AddModelError(nameof(Email), "Enter an email address in the correct format, like name@example.com");
        }

        if (!ModelState.IsValid)
        {
            return Page();
        }

        await ask.AskAsync(email, isUsername: false, Ticket, host.VisitOf(HttpContext), cancellationToken);
        return Redirect(RecoveryPaths.WithTicket(RecoveryPaths.ForgottenDetailsSent, Ticket));
    }
}
