using AuthServer.Accounts;
using AuthServer.Protocol.Authorize;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Pages.Account;

/// <summary>The apps that the person can go on to, who they are here, and how they are logged in.</summary>
[Authorize]
internal sealed class IndexModel(SessionReader sessions, OwnAccount account, AuthorizeTickets tickets, AppViews apps)
    : PageModel
{
    public OwnAccountFacts? Facts { get; private set; }

    public LiveSession? Session { get; private set; }

    /// <summary>They may use the support desk.</summary>
    public bool IsSupport => Session?.StaffRole is StaffRole.Support or StaffRole.Administrator;

    /// <summary>
    /// The app that the person came from, when the log-in took too long and it has not registered an address to return
    /// to.
    /// </summary>
    public AppView? Missed { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? ticket, CancellationToken cancellationToken)
    {
        if (await sessions.CurrentAsync(HttpContext) is not { } session)
        {
            return Challenge(); // it ended between the check and now
        }

        if (
            tickets.Open(ticket) is { Expired: true, Ticket.ClientId: var clientId }
            && await apps.FindAsync(clientId, cancellationToken) is { WayBack: null } app
        )
        {
            Missed = app;
        }

        (Session, Facts) = (session, await account.ReadAsync(session, cancellationToken));
        return Page();
    }
}
