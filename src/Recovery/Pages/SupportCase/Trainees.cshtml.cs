using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>A question page of the form.</summary>
internal sealed class TraineesModel(Drafts drafts, IOptions<CaseOptions> options) : DraftPage(drafts, options)
{
    private const int Most = 20;
    private const int Longest = 100;

    [BindProperty]
    [Display(Name = "Names of trainees or students", Description = "Put each on a line of its own, up to 20")]
    [StringLength(2500, ErrorMessage = "Enter 20 names or fewer")]
    [UIHint("NhsTextarea")]
    public string? Names { get; set; }

    public void OnGet() => Names = string.Join('\n', Draft.Evidence.SupervisedTrainees);

    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var names = Typed.Lines(Names);
        if (ModelState.IsValid && names.Count > Most)
        {
            ModelState.AddModelError(nameof(Names), $"Enter {Most} names or fewer");
        }
        else if (ModelState.IsValid && names.Any(name => name.Length > Longest))
        {
            ModelState.AddModelError(nameof(Names), $"Each name must be {Longest} characters or fewer");
        }

        return KeepAsync(evidence => evidence with { SupervisedTrainees = names }, cancellationToken);
    }
}
