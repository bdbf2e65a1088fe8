using AuthServer.Protocol.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Seals the authorization code: in place of OpenIddict's, which stores a row at authorize and puts every claim into
/// the code.
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
