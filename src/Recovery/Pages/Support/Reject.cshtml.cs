using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Cases;
using Recovery.Cases.Desk;
using Recovery.Ports;

namespace Recovery.Pages.Support;

/// <summary>Closes a case for one of the listed reasons.</summary>
[Authorize(Policy = StaffIdentity.Policy)]
[TypeFilter<RecentLogInFilter>]
internal sealed class RejectModel(DeskCases cases, DecideCase decisions) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Reference { get; set; } = "";

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    [Display(Name = "Note for the history (optional)", Description = "Only staff see it")]
    [UIHint("NhsTextarea")]
    [StringLength(StaffText.Longest, ErrorMessage = "The note must be 4,000 characters or fewer")]
    public string? Note { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var (support, ended) = await cases.FindAsync(Reference, Officer.Of(User), cancellationToken);
        return support is null ? this.Answer(ended ?? new DeskOutcome.NotFound(), Reference, "")
            : support.ClosedAt is null ? Page()
            : Redirect(DeskPaths.Case(support.Reference));
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (
            !Enum.TryParse<RejectReason>(Reason, out var reason)
            || !Enum.IsDefined(reason)
            || int.TryParse(Reason, out _)
        )
        {
            ModelState.AddModelError(nameof(Reason), "Select why you reject the case");
        }

        return ModelState.IsValid
            ? this.Answer(
                await decisions.RejectAsync(Reference, reason, Note, Officer.Of(User), cancellationToken),
                Reference,
                "rejected"
            )
            : Page();
    }
}
