using AuthServer.Clients;

namespace AuthServer.Accounts;

/// <summary>Checks the app that an invitation names: the invited person goes there after choosing a password.</summary>
internal sealed class InvitedApp(ClientDirectory clients)
{
    /// <returns>Why an invitation cannot lead there, as a sentence; null when it can, or names none.</returns>
    public async Task<string?> ProblemAsync(string? clientId, CancellationToken cancellationToken) =>
        clientId is null ? null
        : await clients.FindAsync(clientId, cancellationToken) is not { } client ? $"There is no app \"{clientId}\"."
        : client.Metadata is { InitiateLoginUri: null, ClientUri: null }
            ? $"The app \"{clientId}\" has neither client_uri nor initiate_login_uri, so an invitation cannot lead to it."
        : null;
}
