using AuthServer.Accounts;
using AuthServer.Clients;
using AuthServer.Protocol;
using AuthServer.Protocol.Authorize;
using AuthServer.Protocol.Claims;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Pages.Consent;

/// <summary>
/// Asks whether an app may have what it asks for (OIDC Core §3.1.2.4). The answer travels back to the authorization
/// endpoint in the ticket; agreement is also kept, so that the person is asked once.
/// </summary>
internal sealed class IndexModel(
    AuthorizeTickets tickets,
    ClientDirectory clients,
    AppViews apps,
    SessionReader sessions,
    Consents consents
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Ticket { get; set; }

    public AppView? App { get; private set; }

    public LiveSession? Session { get; private set; }

    /// <summary>What the app would get, a phrase each.</summary>
    public IReadOnlyList<string> Asked { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken) is not { } question)
        {
            return Redirect(ElseWhere());
        }

        Asked = ScopeWords.For(question.Scopes);
        App = await apps.FindAsync(question.Ticket.ClientId, cancellationToken);
        PageHeaders.AllowFormToLeadToApp(Response);
        return Page();
    }

    /// <param name="agree">The button "Agree".</param>
    /// <param name="decline">The button "Do not agree".</param>
    public async Task<IActionResult> OnPostAsync(bool agree, bool decline, CancellationToken cancellationToken)
    {
        if (agree == decline || await ReadAsync(cancellationToken) is not { } question)
        {
            return this.SeeOther(ElseWhere());
        }

        var answer = question.Ticket with { Declined = true };
        if (agree)
        {
            await consents.GiveAsync(question.Session.AccountId, question.Client, question.Scopes, cancellationToken);
            answer = question.Ticket with
            {
                Agreed = new AgreedConsent(question.Session.Sid, Scopes.Join(question.Scopes)),
            };
        }

        return this.SeeOther(AuthorizeTickets.ReturnPath(tickets.Seal(answer)));
    }

    // The endpoint says what is wrong with a ticket, and asks for a log-in when nobody is logged in.
    private string ElseWhere() =>
        string.IsNullOrEmpty(Ticket) ? Links.Account : AuthorizeTickets.ReturnPath(Uri.EscapeDataString(Ticket));

    private async Task<Question?> ReadAsync(CancellationToken cancellationToken)
    {
        Session = await sessions.CurrentAsync(HttpContext);
        return
            Session is { } session
            && tickets.Open(Ticket) is { Expired: false, Ticket: var ticket }
            && await clients.FindAsync(ticket.ClientId, cancellationToken) is { } client
            ? new Question(
                ticket,
                client,
                session,
                AuthorizeChecks.GrantableScopes(new AuthorizeRequest(Parameters.Of(ticket.Parameters)), client)
            )
            : null;
    }

    private sealed record Question(
        AuthorizeTicket Ticket,
        RegisteredClient Client,
        LiveSession Session,
        IReadOnlyList<string> Scopes
    );
}
