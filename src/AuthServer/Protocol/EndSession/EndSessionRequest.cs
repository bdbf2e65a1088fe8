using AuthServer.Clients;
using AuthServer.Protocol.Tokens;

namespace AuthServer.Protocol.EndSession;

/// <summary>What a log-out request proves (RP-Initiated Logout §2, §3).</summary>
/// <param name="Client">The app that asks, when it is known.</param>
/// <param name="Hint">Whom it asks about, proved by one of our ID tokens. Null: the request proves nothing.</param>
/// <param name="ReturnUri">Registered with the app. Only this is redirected to.</param>
/// <param name="State">Goes back with it, as it came.</param>
internal sealed record EndSessionRequest(RegisteredClient? Client, IdTokenHint? Hint, string? ReturnUri, string? State);

/// <summary>
/// Reads log-out requests. A hint that is not one of our ID tokens, an unknown client, an address that is not
/// registered: each is worth nothing, and no more. The user can log out whatever the app got wrong.
/// </summary>
internal sealed class EndSessionRequests(ClientDirectory clients, IdTokenHints hints)
{
    public async ValueTask<EndSessionRequest> ReadAsync(Parameters parameters, CancellationToken cancellationToken)
    {
        var hint =
            parameters["id_token_hint"] is { } idToken
            && (await hints.ReadAsync(idToken, cancellationToken)).TryGet(out var read, out _)
                ? read
                : null;

        // RP-Initiated Logout §2: when both are there, the ID token must have been issued to this client.
        if (hint is not null && parameters["client_id"] is { } named && named != hint.ClientId)
        {
            return new EndSessionRequest(null, null, null, null);
        }

        // With a hint that cannot be read, the named client could be anybody's choice.
        var clientId = hint?.ClientId ?? (parameters["id_token_hint"] is null ? parameters["client_id"] : null);
        var client = clientId is null ? null : await clients.FindAsync(clientId, cancellationToken);

        // RP-Initiated Logout §3.1: compared exactly, like a redirect URI.
        var returnUri =
            client is not null
            && parameters["post_logout_redirect_uri"] is { } uri
            && RedirectUriRules.IsRegisteredForLogOut(client, uri)
                ? uri
                : null;
        return new EndSessionRequest(
            client,
            client is null ? null : hint,
            returnUri,
            returnUri is null ? null : parameters["state"]
        );
    }
}
