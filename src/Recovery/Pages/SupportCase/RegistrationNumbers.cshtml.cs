using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>
/// Taken as typed: whether a number has the shape of its register is for the desk to see, not a reason to refuse it.
/// </summary>
internal sealed class RegistrationNumbersModel(Drafts drafts, IOptions<CaseOptions> options)
    : DraftPage(drafts, options)
{
    [BindProperty]
    [Display(Name = "GMC number", Description = "7 numbers, for doctors")]
    [StringLength(50, ErrorMessage = "GMC number must be 50 characters or fewer")]
    [UIHint("NhsText")]
    public string? GmcNumber { get; set; }

    [BindProperty]
    [Display(
        Name = "NMC number",
        Description = "Also called PIN, like 12A3456E, for nurses, midwives and nursing associates"
    )]
    [StringLength(50, ErrorMessage = "NMC number must be 50 characters or fewer")]
    [UIHint("NhsText")]
    public string? NmcNumber { get; set; }

    [BindProperty]
    [Display(Name = "National training number (NTN)", Description = "On letters from your deanery, like LDN/001/123/N")]
    [StringLength(50, ErrorMessage = "National training number must be 50 characters or fewer")]
    [UIHint("NhsText")]
    public string? Ntn { get; set; }

    [BindProperty]
    [Display(Name = "College number", Description = "Your membership number at a royal college or faculty")]
    [StringLength(50, ErrorMessage = "College number must be 50 characters or fewer")]
    [UIHint("NhsText")]
    public string? CollegeNumber { get; set; }

    [BindProperty]
    [Display(Name = "Another number", Description = "Say which register it is on, like HCPC PH123456")]
    [StringLength(100, ErrorMessage = "Another number must be 100 characters or fewer")]
    [UIHint("NhsText")]
    public string? OtherNumber { get; set; }

    public void OnGet() =>
        (GmcNumber, NmcNumber, Ntn, CollegeNumber, OtherNumber) = (
            Draft.Evidence.GmcNumber,
            Draft.Evidence.NmcNumber,
            Draft.Evidence.Ntn,
            Draft.Evidence.CollegeNumber,
            Draft.Evidence.OtherNumber
        );

    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        KeepAsync(
            evidence =>
                evidence with
                {
                    GmcNumber = Typed.Line(GmcNumber),
                    NmcNumber = Typed.Line(NmcNumber),
                    Ntn = Typed.Line(Ntn),
                    CollegeNumber = Typed.Line(CollegeNumber),
                    OtherNumber = Typed.Line(OtherNumber),
                },
            cancellationToken
        );
}
