using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Ports;
using Recovery.Requests;

namespace Recovery.Pages.ForgottenDetails;

/// <summary>
/// Asks for a username instead, for who does not know which address we hold. The answer is the same page.
/// </summary>
internal sealed class ByUsernameModel(AskForDetails ask, IRecoveryHost host) : PageModel
{
    /// <summary>UTF-16 units; no username is longer.</summary>
    private const int Longest = 512;

    /// <summary>The sealed request of the app that the person came from.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    /// <summary>What the person typed before, sealed by the host.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Typed { get; set; }

    [BindProperty]
    [Display(
        Name = "What is your username?",
        Description = "It is often your surname and 4 numbers, like smith4821. We will write to the email address we have for it"
    )]
    [Required(ErrorMessage = "Enter your username")]
    [UIHint("NhsText")]
    public string? Username { get; set; }

    /// <summary>Fills in a username that was typed on the page before, so that it need not be typed again.</summary>
    public void OnGet() =>
        Username = host.Carried(Typed) is { } typed && !typed.Contains('@', StringComparison.Ordinal) ? typed : null;

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (Username is { } typed && (typed.Length > Longest || typed.Any(char.IsControl)))
        {
            ModelState.AddModelError(
                nameof(Username),
                "Enter your username as it stands in our emails, like smith4821"
            );
        }

        if (!ModelState.IsValid || Username is null)
        {
            return Page();
        }

        await ask.AskAsync(Username, isUsername: true, Ticket, host.VisitOf(HttpContext), cancellationToken);
        return Redirect(
            RecoveryPaths.With(
                RecoveryPaths.ForgottenDetailsSent,
                ("ticket", Ticket),
                ("typed", host.Carry(Username)),
                ("by", SentModel.ByUsername)
            )
        );
    }
}
