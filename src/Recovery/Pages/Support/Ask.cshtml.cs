using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Cases;
using Recovery.Cases.Desk;
using Recovery.Ports;

namespace Recovery.Pages.Support;

/// <summary>Asks the person for more.</summary>
[Authorize(Policy = StaffIdentity.Policy)]
internal sealed class AskModel(DeskCases cases, AskForMore asking) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Reference { get; set; } = "";

    [BindProperty]
    [Display(
        Name = "What do you want to know?",
        Description = "We send this by email, with a link to answer it. Do not tell them anything that we hold."
    )]
    [UIHint("NhsTextarea")]
    public string? Question { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var (support, ended) = await cases.FindAsync(Reference, Officer.Of(User), cancellationToken);
        return support is null ? this.Answer(ended ?? new DeskOutcome.NotFound(), Reference, "")
            : support.State == CaseState.Open ? Page()
            : Redirect(DeskPaths.Case(support.Reference));
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var outcome = await asking.AskAsync(Reference, Question ?? "", Officer.Of(User), cancellationToken);
        if (outcome is not DeskOutcome.Refused { Sentence: var sentence })
        {
            return this.Answer(outcome, Reference, "asked");
        }

        ModelState.AddModelError(nameof(Question), sentence);
        return Page();
    }
}
