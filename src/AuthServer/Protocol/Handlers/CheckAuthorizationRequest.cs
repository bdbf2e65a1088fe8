using AuthServer.Clients;
using AuthServer.Protocol.Authorize;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Runs <see cref="AuthorizeChecks"/> on an authorization request. In place of OpenIddict's checks: ours also refuse a
/// malformed <c>max_age</c>, <c>claims</c>, <c>id_token_hint</c> or challenge, and ignore scopes that are not the
/// client's (Core §3.1.2.1).
/// </summary>
internal sealed class CheckAuthorizationRequest(AuthorizeRequestReader reader)
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        var client = context.Transaction.Get<RegisteredClient>();
        var open = context.Transaction.Get<OpenRequest>();
        if (client.Metadata.RequirePushedAuthorizationRequests && open.PushedRequest is null)
        {
            context.Refuse(
                ProtocolError.InvalidRequest("This client has to push its authorization requests (RFC 9126).")
            );
        }
        else if (
            (
                await reader.ReadAsync(
                    context.Transaction.Get<AuthorizeRequest>(),
                    client,
                    context.Transaction.Get<ReturnAddress>(),
                    context.CancellationToken
                )
            ).TryGet(out var valid, out var error)
        )
        {
            context.Transaction.Set(valid);
        }
        else
        {
            context.Refuse(error);
        }
    }
}

/// <summary>
/// The same for a pushed request (RFC 9126 §2.1), whose errors are told to the client that pushes it.
/// </summary>
internal sealed class CheckPushedRequest(AuthorizeRequestReader reader)
    : IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>
{
    public async ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context)
    {
        var client = context.Transaction.Get<RegisteredClient>();
        var request = new AuthorizeRequest(context.Transaction.Get<Parameters>());
        if (request.HasRequestUri)
        {
            context.Refuse(ProtocolError.InvalidRequest("A pushed request must not have a request_uri."));
        }
        else if (
            !ReturnAddress.For(client, request).TryGet(out var address, out var error)
            || !(await reader.ReadAsync(request, client, address, context.CancellationToken)).TryGet(out _, out error)
        )
        {
            context.Refuse(error);
        }
    }
}
