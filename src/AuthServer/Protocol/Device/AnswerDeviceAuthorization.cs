using System.Security.Claims;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Handlers;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Device;

/// <summary>
/// Checks a device authorization request (RFC 8628 §3.1): the client must be registered for the grant, and scopes that
/// are not open to it are ignored, as at the authorization endpoint.
/// </summary>
internal sealed class CheckDeviceRequest : IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>
{
    public ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context)
    {
        var client = context.Transaction.Get<RegisteredClient>();
        if (!client.Metadata.GrantTypes.Contains(ClientMetadataRules.DeviceCode))
        {
            context.Refuse(
                ProtocolError.UnauthorizedClient("This client is not registered for the device authorization grant.")
            );
        }
        else if (context.Request.Scope is null)
        {
            context.Refuse(ProtocolError.InvalidScope("The parameter 'scope' is missing."));
        }
        else if (!Scopes.Split(context.Request.Scope).Any(client.Scopes.Contains))
        {
            context.Refuse(ProtocolError.InvalidScope("None of the scopes is open to this client."));
        }

        return default;
    }
}

/// <summary>
/// Has OpenIddict issue the device code and the user code (RFC 8628 §3.2) with the scopes that may be granted.
/// </summary>
internal sealed class IssueDeviceCodes : IOpenIddictServerHandler<HandleDeviceAuthorizationRequestContext>
{
    public ValueTask HandleAsync(HandleDeviceAuthorizationRequestContext context)
    {
        var client = context.Transaction.Get<RegisteredClient>();
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity());
        context.Principal.SetScopes(Scopes.Split(context.Request.Scope).Where(client.Scopes.Contains));
        context.Parameters["interval"] = (long)DeviceCodes.Interval.TotalSeconds;
        return default;
    }
}
