using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>Until when the form is kept, and how to come back to it.</summary>
internal sealed class SavedModel(Drafts drafts, IOptions<CaseOptions> options) : DraftPage(drafts, options)
{
    public IActionResult OnPost()
    {
        DraftCookie.Remove(HttpContext);
        return Redirect(RecoveryPaths.WithTicket(CasePaths.Start, Draft.Ticket));
    }
}
