using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Pages.LogOut;

/// <summary>The end of a log-out that leads nowhere else. The app that asked for it, if one did, is offered as the way on.</summary>
internal sealed class DoneModel(AppViews apps) : PageModel
{
    public AppView? App { get; private set; }

    public async Task OnGetAsync([FromQuery(Name = "client_id")] string? clientId, CancellationToken cancellationToken) =>
        App = string.IsNullOrEmpty(clientId) ? null : await apps.FindAsync(clientId, cancellationToken);
}
