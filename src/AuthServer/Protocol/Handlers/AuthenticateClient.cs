using AuthServer.Clients;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Authenticates the client of a form POST (RFC 6749 §2.3). In place of OpenIddict's three handlers: a client is held to the
/// method it registered, an unknown client and a wrong secret look alike, and several secrets may work at once.
/// </summary>
internal sealed class AuthenticateClient(ClientAuthentication authentication) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.Transaction.Find<Parameters>() is not { } form)
        {
            return; // an endpoint at which no client authenticates
        }

        var authorization = context.Transaction.Http().Request.Headers.Authorization;
        switch (await authentication.AuthenticateAsync(
            authorization, context.ClientId, form["client_secret"], context.ClientAssertionPrincipal is not null, context.CancellationToken))
        {
            case ClientAuthenticationResult.Authenticated(var client):
                context.Transaction.Set(client);
                context.Request.ClientId = client.ClientId;
                break;
            case ClientAuthenticationResult.Malformed(var description):
                context.Refuse(ProtocolError.InvalidRequest(description));
                break;
            case ClientAuthenticationResult.Refused(var reason, var hint):
                context.Refuse(ProtocolError.InvalidClient(reason, hint));
                break;
        }
    }
}
