using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>
/// Takes a form that was left into this browser. The link works as often as it is needed until the form is sent; it
/// names the form's address first, so that nobody fills in a form that somebody else began and sent them.
/// </summary>
internal sealed class ResumeModel(Drafts drafts, IOptions<CaseOptions> options) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    public FoundDraft.Live? Live { get; private set; }

    /// <summary>Leads back to the app that the person came from; null when none is known.</summary>
    public string? Ticket { get; private set; }

    public DeadLink? Dead { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        await LookAsync(cancellationToken) ? Page() : Dead?.On(this) ?? Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (!await LookAsync(cancellationToken))
        {
            return Dead?.On(this) ?? Page();
        }

        DraftCookie.Write(HttpContext, Token, options.Value.DraftLifetime);
        return Redirect(FormPaths.Tasks);
    }

    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var found = await drafts.OpenAsync(Token, cancellationToken);
        Ticket = found.Ticket;
        switch (found)
        {
            case FoundDraft.Live live:
                Live = live;
                return true;
            case FoundDraft.Lapsed:
                Dead = DeadLink.Lapsed;
                return false;
            case FoundDraft.Sent sent:
                Dead = DeadLink.Over(
                    "This form has been sent",
                    $"Its case is open. The reference is {sent.Reference}.",
                    "We emailed you another link, to see what is happening with it."
                );
                return false;
            default:
                Dead = DeadLink.Unknown;
                return false;
        }
    }
}
