using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Ports;
using Recovery.Requests;

namespace Recovery.Pages.ForgottenDetails;

/// <summary>Asks for an e-mail address, and answers every address alike.</summary>
internal sealed class ByEmailModel(
    AskForDetails ask,
    IRecoveryHost host,
    IRecoveryApps apps,
    IAccountAddresses addresses
) : PageModel
{
    /// <summary>The sealed request of the app that the person came from.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    /// <summary>What the person typed before, sealed by the host.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Typed { get; set; }

    [BindProperty]
    [Display(
        Name = "What is your email address?",
        Description = "We will email you your username and a link to choose a new password"
    )]
    [Required(ErrorMessage = "Enter your email address")]
    [DataType(DataType.EmailAddress)]
    [UIHint("NhsText")]
    public string? Email { get; set; }

    public string LogInPath => apps.LogInPath(Ticket, Typed);

    /// <summary>Fills in an address that was typed on the page before, so that it need not be typed again.</summary>
    public void OnGet() =>
        Email = host.Carried(Typed) is { } typed && addresses.Problem(addresses.Clean(typed)) is null ? typed : null;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        // Only the shape is looked at, as the address will be read: capitals, curly apostrophes and brackets around it
        // are no mistakes.
        var email = addresses.Clean(Email ?? "");
        if (ModelState.IsValid && addresses.Problem(email) is not null)
        {
            ModelState.AddModelError(
                nameof(Email),
                "Enter an email address in the correct format, like name@example.com"
            );
        }

        if (!ModelState.IsValid)
        {
            return Page();
        }

        await ask.AskAsync(email, isUsername: false, Ticket, host.VisitOf(HttpContext), cancellationToken);
        return Redirect(
            RecoveryPaths.With(
                RecoveryPaths.ForgottenDetailsSent,
                ("ticket", Ticket),
                ("typed", host.Carry(Email ?? ""))
            )
        );
    }
}
