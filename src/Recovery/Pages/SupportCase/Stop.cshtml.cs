using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Cases.Release;

namespace Recovery.Pages.SupportCase;

/// <summary>One button for whoever got a notice and did not ask for anything: looking does nothing, the button does.</summary>
internal sealed class StopModel(StopCase cases) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string Token { get; set; } = "";

    public StopLink.Live? Live { get; private set; }

    public StopLink.Stopped? Stopped { get; private set; }

    public DeadLink? Dead { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        Show(await cases.LookAsync(Token, cancellationToken));

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        Show(await cases.StopAsync(Token, cancellationToken));

    private PageResult Show(StopLink link)
    {
        Live = link as StopLink.Live;
        Stopped = link as StopLink.Stopped;
        Dead = link switch
        {
            StopLink.Live or StopLink.Stopped => null,
            StopLink.TooLate late => DeadLink.Over(
                "It is too late to stop this here",
                $"The link to choose a new password was sent on {Words.Instant(late.At)}.",
                $"If it was not you who asked, contact support straight away and give the reference {late.Reference}."),
            _ => DeadLink.Unknown,
        };
        return Dead?.On(this) ?? Page();
    }
}
