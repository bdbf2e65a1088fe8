using AuthServer.Clients;
using AuthServer.Protocol.Authorize;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Finds the client of an authorization request. Without one there is nowhere to send an error to (RFC 6749 §4.1.2.1).
/// </summary>
internal sealed class FindClient(ClientDirectory clients)
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        var parameters = context.Transaction.Get<OpenRequest>().Parameters;
        if (parameters.IsRepeated("client_id"))
        {
            context.Refuse(ProtocolError.Repeated("client_id"));
        }
        else if (parameters["client_id"] is not { } clientId)
        {
            context.Refuse(ProtocolError.Missing("client_id"));
        }
        else if (await clients.FindAsync(clientId, context.CancellationToken) is { } client)
        {
            context.Transaction.Set(client);
        }
        else
        {
            context.Refuse(ProtocolError.InvalidRequest("No app is registered with this client_id."));
        }
    }
}

/// <summary>
/// After OpenIddict has read a pushed request (RFC 9126 §4): its parameters are the only ones that count.
/// </summary>
internal sealed class UsePushedRequest : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (context.RequestTokenPrincipal is not { } pushed)
        {
            return default;
        }

        var open = context.Transaction.Get<OpenRequest>();
        if (open.Parameters.Repeated is { } name)
        {
            context.Refuse(ProtocolError.Repeated(Parameters.Printable(name)));
        }
        else
        {
            context.Transaction.Set(
                open with
                {
                    Parameters = Parameters.Of(
                        context
                            .Request.GetParameters()
                            .Where(pair => pair.Key != OpenIddictConstants.Parameters.RequestUri)
                            .ToDictionary(pair => pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal),
                        [.. context.Request.GetResources()]
                    ),
                    PushedRequest = pushed.GetClaim(OpenIddictConstants.Claims.Private.TokenId),
                }
            );
        }

        return default;
    }
}

/// <summary>
/// Proves that the redirect URI is the client's. From here on, what is wrong is sent there; before, it is shown
/// (RFC 6749 §4.1.2.1).
/// </summary>
internal sealed class ProveReturnAddress : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        var request = new AuthorizeRequest(context.Transaction.Get<OpenRequest>().Parameters);
        if (
            ReturnAddress
                .For(context.Transaction.Get<RegisteredClient>(), request)
                .TryGet(out var address, out var error)
        )
        {
            context.Transaction.Set(request);
            context.Transaction.Set(address);
        }
        else
        {
            context.Refuse(error);
        }

        return default;
    }
}
