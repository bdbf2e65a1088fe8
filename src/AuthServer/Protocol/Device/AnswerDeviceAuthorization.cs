using System.Security.Claims;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Handlers;
using AuthServer.Protocol.Resources;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Device;

/// <summary>
/// Checks a device authorization request (RFC 8628 §3.1): the client must be registered for the grant, and scopes that
/// are not open to it are ignored, and resources (RFC 8707) that none of its scopes belongs to are refused, as at the
/// authorization endpoint.
/// </summary>
internal sealed class CheckDeviceRequest(ResourceIndicators resources)
    : IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>
{
    public async ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context)
    {
        var client = context.Transaction.Get<RegisteredClient>();
        string[] granted = [.. Scopes.Split(context.Request.Scope).Where(client.Scopes.Contains)];
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
        else if (granted.Length == 0)
        {
            context.Refuse(ProtocolError.InvalidScope("None of the scopes is open to this client."));
        }
        else if (
            await resources.CheckAsync(
                context.Transaction.Get<Parameters>().Resources,
                granted,
                client,
                context.CancellationToken
            ) is
            { } error
        )
        {
            context.Refuse(error);
        }
    }
}

/// <summary>
/// Has OpenIddict issue the device code and the user code (RFC 8628 §3.2) with the scopes that may be granted and the
/// resources that the tokens will be for.
/// </summary>
internal sealed class IssueDeviceCodes : IOpenIddictServerHandler<HandleDeviceAuthorizationRequestContext>
{
    public ValueTask HandleAsync(HandleDeviceAuthorizationRequestContext context)
    {
        var client = context.Transaction.Get<RegisteredClient>();
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity());
        context.Principal.SetScopes(Scopes.Split(context.Request.Scope).Where(client.Scopes.Contains));
        context.Principal.SetResources(context.Transaction.Get<Parameters>().Resources);
        context.Parameters["interval"] = (long)DeviceCodes.Interval.TotalSeconds;
        return default;
    }
}
