using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>A question page of the form.</summary>
internal sealed class UsernameModel(Drafts drafts, IOptions<CaseOptions> options) : DraftPage(drafts, options)
{
    [BindProperty]
    [Display(Name = "Username", Description = "Often a surname and 4 numbers, like smith4821, or an email address")]
    [StringLength(254, ErrorMessage = "Username must be 254 characters or fewer")]
    [UIHint("NhsText")]
    public string? Username { get; set; }

    public void OnGet() => Username = Draft.Evidence.Username;

    /// <summary>
    /// Whether anybody has this username makes no difference here, or the page would tell who is in a portfolio.
    /// </summary>
    public Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        KeepAsync(evidence => evidence with { Username = Typed.Line(Username) }, cancellationToken);
}
