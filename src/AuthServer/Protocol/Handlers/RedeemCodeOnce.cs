using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Trades an authorization code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6): one INSERT, whose key is the code's single-use gate.
/// A second use revokes what the first one gave (§4.1.2).
/// </summary>
internal sealed class RedeemCodeOnce(
    Grants grants, GrantReplay replay, IOptions<ProtocolOptions> options, TimeProvider clock)
    : IOpenIddictServerHandler<HandleTokenRequestContext>
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

        var grant = NewGrant(code, client);

        // The gate. From here on the code is used up, whatever becomes of the caller.
        if (!await grants.RedeemAsync(grant, CancellationToken.None))
        {
            await replay.RevokeAsync(code.GrantId, client.ClientId, "code");
            context.Refuse(ProtocolError.InvalidGrant("code already redeemed, or its session has ended"));
            return;
        }

        context.Transaction.Set(new TokenOrder
        {
            Scopes = code.Scopes,
            Grant = grant.Live,
            RefreshToken = grant.RefreshToken?.Text,
            Nonce = code.Nonce,
        });
        context.SignIn(Presented.Subject(Subject.Of(code.AccountId)));
    }

    /// <returns>Null when this client may redeem this code with these parameters.</returns>
    private string? WhyNot(AuthorizationCode code, RegisteredClient client, Parameters form) =>
        code.ApplicationId != client.ApplicationId ? "code issued to another client"
        : form["redirect_uri"] != code.RedirectUri ? "redirect_uri differs from the authorization request"
        : !IsOffline(code) && code.SessionExpiresAt <= clock.GetUtcNow() ? "session has run out"
        : Pkce.Mismatch(code.CodeChallenge, form["code_verifier"]);

    private NewGrant NewGrant(AuthorizationCode code, RegisteredClient client) => new(
        new LiveGrant(
            code.GrantId,
            code.AccountId,
            code.ApplicationId,
            code.Sid,
            code.SecurityStamp,
            code.Scopes,
            code.ClaimsRequest,
            code.AuthenticatedAt,
            code.Methods,
            ExpiresAt(code, client)),
        IsOffline(code),
        client.Metadata.GrantTypes.Contains("refresh_token") ? RefreshToken.New(code.GrantId) : null);

    // Offline access has its own time; without it a grant does not outlive the session it hangs on.
    private DateTimeOffset ExpiresAt(AuthorizationCode code, RegisteredClient client)
    {
        var lifetime = client.Metadata.RefreshTokenLifetime is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : options.Value.RefreshTokenLifetime;
        return IsOffline(code) ? clock.GetUtcNow() + lifetime : code.SessionExpiresAt;
    }

    private static bool IsOffline(AuthorizationCode code) => Scopes.Split(code.Scopes).Contains(Scopes.OfflineAccess);
}
