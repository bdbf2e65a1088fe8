using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>A question page of the form.</summary>
internal sealed class MoreModel(Drafts drafts, IOptions<CaseOptions> options) : DraftPage(drafts, options)
{
    [BindProperty]
    [Display(
        Name = "Anything else",
        Description = "For example a name you had before, or who can speak for you at your hospital or college"
    )]
    [StringLength(2000, ErrorMessage = "Anything else must be 2,000 characters or fewer")]
    [UIHint("NhsTextarea")]
    public string? More { get; set; }

    public void OnGet() => More = Draft.Evidence.More;

    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        KeepAsync(evidence => evidence with { More = Typed.Prose(More) }, cancellationToken);
}
