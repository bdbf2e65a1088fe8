using AuthServer.Clients;
using AuthServer.Protocol.Tokens;

namespace AuthServer.Protocol.EndSession;

/// <summary>A log-out request whose every parameter was found right (RP-Initiated Logout §2, §3).</summary>
/// <param name="Client">The app that asks, when it said so.</param>
/// <param name="Hint">Whom it asks about, proved by one of our ID tokens. Null: anybody could be asking.</param>
/// <param name="ReturnUri">Registered with the client, and asked for together with a hint. Only this is redirected to.</param>
/// <param name="State">Goes back with it, as it came.</param>
internal sealed record EndSessionRequest(RegisteredClient? Client, IdTokenHint? Hint, string? ReturnUri, string? State);

/// <summary>Reads and checks log-out requests. What is wrong is shown to the person: nothing here proves where else it could go.</summary>
internal sealed class EndSessionRequests(ClientDirectory clients, IdTokenHints hints)
{
    public async ValueTask<Result<EndSessionRequest>> ReadAsync(Parameters parameters, CancellationToken cancellationToken)
    {
        if (parameters.Repeated is not null)
        {
            return ProtocolError.InvalidRequest("A parameter is there more than once.");
        }

        IdTokenHint? hint = null;
        if (parameters["id_token_hint"] is { } idToken
            && !(await hints.ReadAsync(idToken, cancellationToken)).TryGet(out hint, out var error))
        {
            return error;
        }

        // RP-Initiated Logout §2: when both are there, the ID token must have been issued to this client.
        if (hint is not null && parameters["client_id"] is { } named && named != hint.ClientId)
        {
            return ProtocolError.InvalidRequest("The client_id is not the one that the id_token_hint was issued to.");
        }

        var clientId = hint?.ClientId ?? parameters["client_id"];
        var client = clientId is null ? null : await clients.FindAsync(clientId, cancellationToken);
        if (clientId is not null && client is null)
        {
            return ProtocolError.InvalidRequest("No app is registered with this client_id.");
        }

        var returnUri = parameters["post_logout_redirect_uri"];
        if (returnUri is not null && (hint is null || client is null))
        {
            return ProtocolError.InvalidRequest("A post_logout_redirect_uri needs an id_token_hint.");
        }

        // RP-Initiated Logout §3.1: compared exactly, like a redirect URI.
        return returnUri is not null && !RedirectUriRules.IsRegisteredForLogOut(client!, returnUri)
            ? ProtocolError.InvalidRequest("The post_logout_redirect_uri is not one that is registered for this app.")
            : new EndSessionRequest(client, hint, returnUri, parameters["state"]);
    }
}
