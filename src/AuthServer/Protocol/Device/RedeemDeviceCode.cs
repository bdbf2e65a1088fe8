using System.Text.Json;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Handlers;
using AuthServer.Protocol.Resources;
using AuthServer.Protocol.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Device;

/// <summary>
/// Trades a device code that a user has allowed for tokens (RFC 8628 §3.5): one INSERT of a sign-in, as for an
/// authorization code. A second use is refused and revokes nothing: a device code never passes through a browser, so it
/// is a repeated request.
/// </summary>
internal sealed class RedeemDeviceCode(
    IServiceScopeFactory scopes,
    Grants grants,
    NewGrants newGrants,
    ResourceIndicators resources
) : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (!context.Request.IsDeviceCodeGrantType())
        {
            return;
        }

        var client = context.Transaction.Get<RegisteredClient>();
        await using var scope = scopes.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>();
        if (
            context.DeviceCodePrincipal?.GetTokenId() is not { } tokenId
            || await tokens.FindByIdAsync(tokenId, context.CancellationToken) is not { } token
            || await SignInAsync(tokens, token, context.CancellationToken) is not { } signIn
            || signIn.ApplicationId != client.ApplicationId
            || newGrants.HasRunOut(signIn)
        )
        {
            context.Refuse(ProtocolError.InvalidGrant("device code of another client, or its session has run out"));
            return;
        }

        var grant = newGrants.For(signIn, client);
        var order = new TokenOrder
        {
            Scopes = signIn.Scopes,
            Grant = grant.Live,
            RefreshToken = grant.RefreshToken?.Text,
        };
        var asked = context.Transaction.Get<Parameters>().Resources;
        if (
            !(await resources.AddressAsync(order, asked, client, context.CancellationToken)).TryGet(
                out var addressed,
                out var error
            )
        )
        {
            context.Refuse(error);
            return;
        }

        // The gate. From here on the code is used up, whatever becomes of the caller.
        if (!await grants.RedeemAsync(grant, CancellationToken.None))
        {
            context.Refuse(ProtocolError.InvalidGrant("device code already redeemed, or its session has ended"));
            return;
        }

        // Only for readers of the row, so it may fail: what makes the code single-use is the key of the sign-in.
        await tokens.TryRedeemAsync(token, CancellationToken.None);
        context.Transaction.Set(addressed);
        context.SignIn(Presented.Subject(Subject.Of(signIn.AccountId)));
    }

    private static async ValueTask<AuthorizedSignIn?> SignInAsync(
        IOpenIddictTokenManager tokens,
        object token,
        CancellationToken cancellationToken
    ) =>
        (await tokens.GetPropertiesAsync(token, cancellationToken)).TryGetValue(
            DeviceVerification.SignInProperty,
            out var signIn
        )
            ? signIn.Deserialize(AuthorizedSignInJson.Default.AuthorizedSignIn)
            : null;
}
