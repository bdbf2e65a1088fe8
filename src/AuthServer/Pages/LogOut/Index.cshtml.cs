using AuthServer.Accounts;
using AuthServer.Protocol.EndSession;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Pages.LogOut;

/// <summary>
/// Asks, then ends this browser's session. An app's request to log out, which may not be believed unasked, comes here
/// with a ticket, and goes on to where it came from once the session has ended.
/// </summary>
[AnonymousForm]
internal sealed class IndexModel(Sessions sessions, EndSessionTickets tickets) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    public LiveSession? Session { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        Session = await sessions.CurrentAsync(HttpContext);
        if (Session is null && tickets.Open(Ticket)?.Hinted is null)
        {
            return Redirect(Next());
        }

        if (!string.IsNullOrEmpty(Ticket))
        {
            PageHeaders.AllowFormToLeadToApp(Response);
        }

        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await sessions.EndCurrentAsync(HttpContext, cancellationToken);
        if (tickets.Open(Ticket)?.Hinted is { } hinted)
        {
            await sessions.EndAsync(hinted.Sid, hinted.AccountId, cancellationToken);
        }

        return this.SeeOther(Next());
    }

    private string Next() =>
        string.IsNullOrEmpty(Ticket) ? Links.LoggedOut : Links.WithTicket(Links.EndSession, Ticket);
}
