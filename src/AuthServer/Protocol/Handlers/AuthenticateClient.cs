using AuthServer.Clients;
using AuthServer.Protocol.ClientProof;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Authenticates the client of a form POST (RFC 6749 §2.3). In place of OpenIddict's three handlers: a client is held
/// to the method it registered, an unknown client and a wrong secret look alike, and several secrets may work at once.
/// </summary>
internal sealed class AuthenticateClient(
    ClientAuthentication authentication,
    ClientDirectory clients,
    ClientCertificates certificates
) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.Transaction.Find<Parameters>() is not { } form)
        {
            return; // an endpoint at which no client authenticates
        }

        var authorization = context.Transaction.Http().Request.Headers.Authorization;
        switch (
            await authentication.AuthenticateAsync(
                authorization,
                context.ClientId,
                form["client_secret"],
                await ProvenAsync(context),
                context.CancellationToken
            )
        )
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

    /// <returns>
    /// The method by which the client has already proved who it is: an assertion, or else a certificate. Null: none.
    /// </returns>
    private async ValueTask<string?> ProvenAsync(ProcessAuthenticationContext context)
    {
        if (context.ClientAssertionPrincipal is not null)
        {
            return ClientAuthentication.PrivateKeyJwt;
        }

        return
            certificates.Of(context.Transaction.Http()) is { } certificate
            && context.ClientId is { Length: > 0 } clientId
            && await clients.FindAsync(clientId, context.CancellationToken) is { } client
            && await certificates.ProveAsync(client, certificate, context.CancellationToken)
            ? client.Metadata.TokenEndpointAuthMethod
            : null;
    }
}
