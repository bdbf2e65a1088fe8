using Recovery.Ports;

namespace AuthServer.Pages;

/// <summary>Tells recovery about the apps that people come from: the host's side of its port.</summary>
internal sealed class RecoveryApps(AppViews apps) : IRecoveryApps
{
    public async Task<RecoveryApp?> FindAsync(string clientId, CancellationToken cancellationToken) =>
        await apps.FindAsync(clientId, cancellationToken) is { } app ? new RecoveryApp(app.Name, app.WayBack) : null;

    public string LogInPath(string? ticket) => Links.WithTicket(Links.LogIn, ticket);
}
