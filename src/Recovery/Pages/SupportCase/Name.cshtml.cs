using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>A question page of the form.</summary>
internal sealed class NameModel(Drafts drafts, IOptions<CaseOptions> options) : DraftPage(drafts, options)
{
    [BindProperty]
    [Display(Name = "First names")]
    [StringLength(100, ErrorMessage = "First names must be 100 characters or fewer")]
    [UIHint("NhsText")]
    public string? GivenName { get; set; }

    [BindProperty]
    [Display(Name = "Last name")]
    [StringLength(100, ErrorMessage = "Last name must be 100 characters or fewer")]
    [UIHint("NhsText")]
    public string? FamilyName { get; set; }

    public void OnGet() => (GivenName, FamilyName) = (Draft.Evidence.GivenName, Draft.Evidence.FamilyName);

    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        // The one answer that everybody has; people with one name have it in either box.
        if ((Typed.Line(GivenName) ?? Typed.Line(FamilyName)) is null)
        {
            ModelState.AddModelError(nameof(GivenName), "Enter your name");
        }

        return KeepAsync(
            evidence => evidence with { GivenName = Typed.Line(GivenName), FamilyName = Typed.Line(FamilyName) },
            cancellationToken
        );
    }
}
