using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Cases.Claim;
using Recovery.Ports;

namespace Recovery.Pages.SupportCase;

/// <summary>How the case stands, and what happens next. It shows nothing of what was stated or is held.</summary>
internal sealed class StatusModel(CaseStatus status, IRecoveryHost host, IOptions<CaseOptions> options) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    public CaseStanding? Standing { get; private set; }

    /// <summary>Leads back to the app that the person came from; null when none is known.</summary>
    public string? Ticket => host.TicketFor(Standing?.ClientId);

    public int WorkingDays => options.Value.WorkingDays;

    public TimeSpan Wait => options.Value.WaitingTime;

    /// <summary>A second approval looks like the first: it would tell that the account belongs to staff.</summary>
    public static (string Words, string Colour) Tag(CaseState state) =>
        state switch
        {
            CaseState.MoreWanted => ("We need an answer", "orange"),
            CaseState.Approved => ("Agreed", "green"),
            CaseState.Released => ("Link sent", "green"),
            CaseState.Rejected => ("Not agreed", "red"),
            CaseState.Stopped => ("Stopped", "red"),
            CaseState.Lapsed => ("Closed", "grey"),
            _ => ("With support staff", "blue"),
        };

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Standing = await status.FindAsync(Token, cancellationToken);
        return Standing is null ? new PageResult { StatusCode = StatusCodes.Status404NotFound } : Page();
    }
}
