using AuthServer.Protocol.Authorize;
using Recovery.Ports;

namespace AuthServer.Pages;

/// <summary>Tells recovery about the apps that people come from: the host's side of its port.</summary>
internal sealed class RecoveryApps(AppViews apps, AuthorizeTickets tickets) : IRecoveryApps
{
    public async Task<RecoveryApp?> FindAsync(string clientId, CancellationToken cancellationToken) =>
        await apps.FindAsync(clientId, cancellationToken) is { } app ? new RecoveryApp(app.Name, app.WayBack) : null;

    public string LogInPath(string? ticket, string? typed = null) =>
        Links.With(Links.LogIn, ("ticket", ticket), ("typed", typed));

    public string? ContinuePath(string? ticket) =>
        ticket is not null && tickets.Open(ticket) is { Expired: false } ? AuthorizeTickets.ReturnPath(ticket) : null;
}
