using AuthServer.Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Pages.LogOut;

/// <summary>
/// The end of a log-out that leads nowhere else. The app that asked for it, if one did, is offered as the way on. A
/// browser that has a session is asked to log out instead of being told that it has.
/// </summary>
internal sealed class DoneModel(AppViews apps, SessionReader sessions) : PageModel
{
    public AppView? App { get; private set; }

    public async Task<IActionResult> OnGetAsync(
        [FromQuery(Name = "client_id")] string? clientId,
        CancellationToken cancellationToken
    )
    {
        if (await sessions.CurrentAsync(HttpContext) is not null)
        {
            return Redirect(Links.LogOut);
        }

        App = string.IsNullOrEmpty(clientId) ? null : await apps.FindAsync(clientId, cancellationToken);
        return Page();
    }
}
