using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Cases.Release;

namespace Recovery.Pages.SupportCase;

/// <summary>
/// One button for whoever got a notice and did not ask for anything: looking does nothing, the button does.
/// </summary>
internal sealed class StopModel(StopCase cases) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    public StopLink.Live? Live { get; private set; }

    /// <summary>The link has gone out: it may still be stopped from being used.</summary>
    public StopLink.Sent? Sent { get; private set; }

    public StopLink.Stopped? Stopped { get; private set; }

    public StopLink.TakenBack? TakenBack { get; private set; }

    public StopLink.TooLate? TooLate { get; private set; }

    public DeadLink? Dead { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        Show(await cases.LookAsync(Token, cancellationToken));

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        Show(await cases.StopAsync(Token, cancellationToken));

    private PageResult Show(StopLink link)
    {
        Live = link as StopLink.Live;
        Sent = link as StopLink.Sent;
        Stopped = link as StopLink.Stopped;
        TakenBack = link as StopLink.TakenBack;
        TooLate = link as StopLink.TooLate;
        Dead = link is StopLink.Unknown ? DeadLink.Unknown : null;
        return Dead?.On(this) ?? Page();
    }
}
