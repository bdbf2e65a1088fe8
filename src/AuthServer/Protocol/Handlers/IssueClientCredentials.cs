using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Resources;
using AuthServer.Protocol.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Gives a confidential client a token of its own (RFC 6749 §4.4). Nothing is stored: there is no session to end.
/// Scopes about a person are refused, <c>openid</c> too, so that no ID token is made.
/// </summary>
internal sealed class IssueClientCredentials(ResourceIndicators resources)
    : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (!context.Request.IsClientCredentialsGrantType())
        {
            return;
        }

        var client = context.Transaction.Get<RegisteredClient>();
        string[] allowed = [.. client.Scopes.Except(Scopes.Supported)];
        var asked = Scopes.Split(context.Request.Scope);
        if (client.Metadata.IsPublic)
        {
            context.Refuse(
                ProtocolError.UnauthorizedClient("A public client cannot use the client credentials grant.")
            );
        }
        else if (asked.Any(scope => !allowed.Contains(scope)))
        {
            context.Refuse(ProtocolError.InvalidScope("A scope is unknown or not open to this client."));
        }
        else
        {
            var order = new TokenOrder { Scopes = Scopes.Join(asked.Count > 0 ? asked : allowed) };
            var named = context.Transaction.Get<Parameters>().Resources;
            context.Answer(client, await resources.AddressAsync(order, named, client, context.CancellationToken));
        }
    }
}
