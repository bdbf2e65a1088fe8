using Recovery.Ports;
using Recovery.ResetLinks;

namespace Recovery.Pages;

/// <summary>Where the last page of a journey leads.</summary>
/// <param name="Address">To log in, on the way to the app when it is known.</param>
/// <param name="App">The app's name, or null.</param>
/// <param name="Arrives">True when <paramref name="Address"/> ends in the app.</param>
internal sealed record WayOn(string Address, string? App, bool Arrives);

/// <summary>
/// Leads back to the app that a person came from, in whichever browser they opened the mail. An app that says where it
/// begins a log-in is asked to begin one: that works in another browser, and however long the mail took. The request of
/// an app that does not say is taken up again where it was left.
/// </summary>
internal sealed class LeadBack(IRecoveryApps apps, IRecoveryHost host)
{
    /// <summary>
    /// What a link's pages hand on to other pages: the app's request, or for invitations and support cases, which
    /// outlast a request, the app alone.
    /// </summary>
    /// <returns>Null when no app is known.</returns>
    public string? TicketOf(ResetLink? link) => link?.Ticket ?? host.TicketFor(link?.ClientId);

    /// <summary>For a person who has yet to log in.</summary>
    public async Task<WayOn> FindAsync(ResetLink? link, CancellationToken cancellationToken) =>
        await AppOfAsync(link, cancellationToken) is not { } app ? new WayOn(apps.LogInPath(null), null, false)
        : app.StartAddress is { } start ? new WayOn(start.AbsoluteUri, app.Name, true)
        : new WayOn(apps.LogInPath(link?.Ticket), app.Name, link?.Ticket is not null);

    /// <summary>For a person who is logged in.</summary>
    /// <returns>Where the app goes on, or null when that is not known.</returns>
    public async Task<string?> IntoAppAsync(ResetLink link, CancellationToken cancellationToken) =>
        await AppOfAsync(link, cancellationToken) is not { } app
            ? null
            : app.StartAddress?.AbsoluteUri ?? apps.ContinuePath(link.Ticket);

    private async Task<RecoveryApp?> AppOfAsync(ResetLink? link, CancellationToken cancellationToken) =>
        link?.ClientId is { } id ? await apps.FindAsync(id, cancellationToken) : null;
}
