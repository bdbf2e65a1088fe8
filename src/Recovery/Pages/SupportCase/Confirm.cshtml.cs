using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>Proves the new address and opens the case: looking does nothing, the button does.</summary>
internal sealed class ConfirmModel(ProveAddress proof, Drafts drafts) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    public ProofLink.Live? Live { get; private set; }

    /// <summary>Leads back to the app that the person came from; null when none is known.</summary>
    public string? Ticket { get; private set; }

    public DeadLink? Dead { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        Show(await proof.LookAsync(Token, cancellationToken));

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var end = await proof.ProveAsync(Token, cancellationToken);
        if (end is not ProofLink.Opened opened)
        {
            return Show(end);
        }

        // Another person may have a form of their own in this browser: that one stays.
        if (await drafts.FindAsync(DraftCookie.Read(Request), cancellationToken) is not FoundDraft.Live)
        {
            DraftCookie.Remove(HttpContext);
        }

        return Redirect($"{CasePaths.Status}/{opened.StatusToken}");
    }

    private PageResult Show(ProofLink link)
    {
        Ticket = link.Ticket;
        Live = link as ProofLink.Live;
        Dead = link switch
        {
            ProofLink.Live => null,
            ProofLink.Expired => DeadLink.Lapsed,
            ProofLink.Enough => new DeadLink(
                StatusCodes.Status409Conflict,
                "You have too many open cases",
                [
                    "Support staff have several cases from this email address already. When they have decided one of them, use this link again.",
                ],
                StartAgain: false
            ),
            ProofLink.Used used => DeadLink.Over(
                "You have used this link",
                $"It opened your case on {Words.Instant(used.At)}. The reference is {used.Reference}.",
                "We emailed you another link, to see what is happening with it."
            ),
            _ => DeadLink.Unknown,
        };
        return Dead?.On(this) ?? Page();
    }
}
