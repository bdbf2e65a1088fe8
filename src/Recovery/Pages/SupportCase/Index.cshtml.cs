using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;

namespace Recovery.Pages.SupportCase;

/// <summary>
/// What a support case is, what it takes, and the way into the form: a new one, or the one that was left.
/// </summary>
internal sealed class IndexModel(Drafts drafts, IOptions<CaseOptions> options) : PageModel
{
    /// <summary>The app's request that the person carries along, sealed by the host.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    /// <summary>The form that this browser has, or had.</summary>
    public FoundDraft? Earlier { get; private set; }

    public int Hours => (int)options.Value.DraftLifetime.TotalHours;

    public int WorkingDays => options.Value.WorkingDays;

    public TimeSpan Wait => options.Value.WaitingTime;

    public string Begin => RecoveryPaths.WithTicket(FormPaths.Email, Ticket);

    public async Task OnGetAsync(CancellationToken cancellationToken) => await LookAsync(cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        if (DraftCookie.Read(Request) is { } token)
        {
            await drafts.AbandonAsync(token, cancellationToken);
            DraftCookie.Remove(HttpContext);
        }

        return Redirect(Begin);
    }

    // The form knows the app when the address does not: people are led here when there is nothing to go on with.
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        Earlier = DraftCookie.Read(Request) is { } token ? await drafts.FindAsync(token, cancellationToken) : null;
        Ticket ??= Earlier?.Ticket;
    }
}
