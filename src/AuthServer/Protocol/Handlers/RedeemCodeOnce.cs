using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Resources;
using AuthServer.Protocol.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Trades an authorization code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6): one INSERT, whose key is the code's
/// single-use gate. A second use revokes what the first one gave (§4.1.2).
/// </summary>
internal sealed class RedeemCodeOnce(
    Grants grants,
    NewGrants newGrants,
    GrantReplay replay,
    ResourceIndicators resources
) : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (!context.Request.IsAuthorizationCodeGrantType())
        {
            return;
        }

        var client = context.Transaction.Get<RegisteredClient>();
        var code = context.Transaction.Get<AuthorizationCode>();
        if (WhyNot(code, client, context.Transaction.Get<Parameters>()) is { } reason)
        {
            context.Refuse(ProtocolError.InvalidGrant(reason));
            return;
        }

        var grant = newGrants.For(code, client);
        var order = new TokenOrder
        {
            Scopes = code.Scopes,
            Grant = grant.Live,
            RefreshToken = grant.RefreshToken?.Text,
            Nonce = code.Nonce,
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
            await replay.RevokeAsync(code.GrantId, client.ClientId, "code");
            context.Refuse(ProtocolError.InvalidGrant("code already redeemed, or its session has ended"));
            return;
        }

        context.Transaction.Set(addressed);
        context.SignIn(Presented.Subject(Subject.Of(code.AccountId)));
    }

    /// <returns>Null when this client may redeem this code with these parameters.</returns>
    private string? WhyNot(AuthorizationCode code, RegisteredClient client, Parameters form) =>
        code.ApplicationId != client.ApplicationId ? "code issued to another client"
        : form["redirect_uri"] != code.RedirectUri ? "redirect_uri differs from the authorization request"
        : newGrants.HasRunOut(code) ? "session has run out"
        : Pkce.Mismatch(code.CodeChallenge, form["code_verifier"]);
}
