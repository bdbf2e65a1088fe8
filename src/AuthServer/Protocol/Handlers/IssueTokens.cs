using AuthServer.Clients;
using AuthServer.Protocol.ClientProof;
using AuthServer.Protocol.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using Scopes = AuthServer.Protocol.Claims.Scopes;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Makes the tokens of a token response: in place of OpenIddict's, which copy the principal once per token and look at
/// every claim several times. Ours write each JWT once, from what was proved.
/// </summary>
internal sealed class IssueTokens(
    AccessTokens accessTokens,
    IdTokens idTokens,
    Grants grants,
    ClientCertificates certificates,
    ProtocolMeters meters
) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (
            context.EndpointType != OpenIddictServerEndpointType.Token
            || context.Transaction.Find<TokenOrder>() is not { } order
        )
        {
            return;
        }

        // What was proved is used up, so this finishes even when the caller has gone: a retry within the grace finds it
        // done.
        var client = context.Transaction.Get<RegisteredClient>();
        var bound = order with
        {
            CertificateHash = certificates.HashFor(client, context.Transaction.Http()) ?? order.CertificateHash,
        };
        context.Transaction.Set(await IssueAsync(client, bound));
        context.GenerateAccessToken =
            context.GenerateRefreshToken =
            context.GenerateIdentityToken =
            context.GenerateIssuedToken =
                false;
        context.IncludeAccessToken =
            context.IncludeRefreshToken =
            context.IncludeIdentityToken =
            context.IncludeIssuedToken =
                false;
        meters.Issued(context.Request.GrantType ?? "");
    }

    private async ValueTask<TokenResponse> IssueAsync(RegisteredClient client, TokenOrder order)
    {
        var access = await accessTokens.IssueAsync(client, order, CancellationToken.None);
        string? idToken = null;
        if (order is { Exchange: null, Grant: { } grant } && Scopes.Split(order.Scopes).Contains(Scopes.OpenId))
        {
            var account = IdTokens.NeedsAccount(client, grant)
                ? (await grants.FindWithAccountAsync(grant.Id, CancellationToken.None))?.Account
                : null;
            idToken = await idTokens.IssueAsync(client, order, access.Text, account, CancellationToken.None);
        }

        return new TokenResponse(
            access.Text,
            access.ExpiresIn,
            order.Scopes,
            order.RefreshToken,
            idToken,
            order.Exchange is null ? null : TokenTypeIdentifiers.AccessToken
        );
    }
}
