using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Recovery.Ports;
using Recovery.ResetLinks;

namespace Recovery.Pages.ResetPassword;

/// <summary>
/// Says that the password is set, where no app is waiting for the person: they are logged in and choose one from the
/// list. To a browser in which they are not logged in (any more) it offers to log in.
/// </summary>
internal sealed class DoneModel(LinkReader reader, LeadBack back, IRecoverySessions sessions) : PageModel
{
    /// <summary>The link that was spent, by its row's id, which opens nothing.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Link { get; set; }

    /// <summary>The account had no password before.</summary>
    [BindProperty(SupportsGet = true, Name = "first")]
    public bool IsFirst { get; set; }

    public SpentLink? Spent { get; private set; }

    /// <summary>Leads back to the app that the person came from; null when none is known.</summary>
    public string? Ticket { get; private set; }

    public WayOn? Way { get; private set; }

    /// <summary>True when the person whose password it is is logged in in this browser.</summary>
    public bool LoggedIn { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Spent = Link is { } id ? await reader.FindSpentAsync(id, cancellationToken) : null;
        Ticket = back.TicketOf(Spent?.Link);
        Way = await back.FindAsync(Spent?.Link, cancellationToken);
        LoggedIn = Spent is not null && (await sessions.CurrentAsync(HttpContext))?.AccountId == Spent.Link.AccountId;
    }
}
