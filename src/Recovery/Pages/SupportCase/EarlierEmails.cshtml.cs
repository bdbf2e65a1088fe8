using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>A question page of the form.</summary>
internal sealed class EarlierEmailsModel(Drafts drafts, IOptions<CaseOptions> options) : DraftPage(drafts, options)
{
    private const int Most = 10;
    private const int Longest = 254;

    [BindProperty]
    [Display(Name = "Email addresses", Description = "Put each on a line of its own, up to 10")]
    [StringLength(3000, ErrorMessage = "Enter 10 email addresses or fewer")]
    [UIHint("NhsTextarea")]
    public string? Emails { get; set; }

    public void OnGet() => Emails = string.Join('\n', Draft.Evidence.EarlierEmails);

    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        // What people remember of an address is taken as it is: the desk sees what was meant by "a.smith at the Royal".
        var emails = Typed.Lines(Emails);
        if (ModelState.IsValid && emails.Count > Most)
        {
            ModelState.AddModelError(nameof(Emails), $"Enter {Most} email addresses or fewer");
        }
        else if (ModelState.IsValid && emails.Any(email => email.Length > Longest))
        {
            ModelState.AddModelError(nameof(Emails), $"Each email address must be {Longest} characters or fewer");
        }

        return KeepAsync(evidence => evidence with { EarlierEmails = emails }, cancellationToken);
    }
}
