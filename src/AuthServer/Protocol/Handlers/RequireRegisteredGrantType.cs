using AuthServer.Clients;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>A client may use the grant types it is registered for (RFC 6749 §5.2 <c>unauthorized_client</c>).</summary>
internal sealed class RequireRegisteredGrantType : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var client = context.Transaction.Get<RegisteredClient>();
        if (context.Request.GrantType is not { } grantType || !client.Metadata.GrantTypes.Contains(grantType))
        {
            context.Refuse(ProtocolError.UnauthorizedClient("This client is not registered for that grant."));
        }

        return default;
    }
}
