using AuthServer.Protocol.Authorize;
using AuthServer.Protocol.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// A pushed request ends when its code is made (RFC 9126 §7.3): not at the first visit, because a person may reload the log-in
/// page. Nothing is written for requests that were not pushed.
/// </summary>
internal sealed class EndPushedRequest(IServiceScopeFactory scopes) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Authorization
            || context.Transaction.Get<OpenRequest>().PushedRequest is not { } id)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>();

        // Redeeming does not look at the status; of two at once, the row's concurrency token lets one through.
        if (await tokens.FindByIdAsync(id) is not { } token
            || !await tokens.HasStatusAsync(token, OpenIddictConstants.Statuses.Valid)
            || !await tokens.TryRedeemAsync(token))
        {
            context.Refuse(new ProtocolError("invalid_request_uri", 400, "The pushed request was used before. Push it again."));
        }
    }
}

/// <summary>
/// Seals the authorization code: in place of OpenIddict's, which stores a row at authorize and puts every claim into the code.
/// </summary>
internal sealed class SealAuthorizationCode(AuthorizationCodes codes) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType == OpenIddictServerEndpointType.Authorization)
        {
            context.GenerateAuthorizationCode = false;
            context.AuthorizationCode = codes.Seal(context.Transaction.Get<AuthorizationCode>());
        }

        return default;
    }
}
