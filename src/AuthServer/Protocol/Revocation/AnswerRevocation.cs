using AuthServer.Clients;
using AuthServer.Protocol.Handlers;
using AuthServer.Protocol.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Revocation;

/// <summary>
/// Answers a revocation request (RFC 7009); in place of OpenIddict's, which ends that one token. A token is revoked
/// with its whole family, because what it belongs to is one row: the grant. An unknown, expired or already revoked
/// token is answered like a revoked one (§2.2). A client's own token (client credentials) has no row that could be
/// revoked, and its client is told so (§2.2.1).
/// </summary>
internal sealed partial class AnswerRevocation(
    AccessTokenReader reader,
    Grants grants,
    ClientDirectory clients,
    ILogger<AnswerRevocation> logger
) : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        var client = context.Transaction.Get<RegisteredClient>();
        if (context.Transaction.Get<Parameters>()["token"] is not { } token)
        {
            context.Refuse(ProtocolError.Missing("token"));
            return;
        }

        var owner = await OwnerAsync(token, context.CancellationToken);
        if (owner is { } other && other.ClientId != client.ClientId)
        {
            // RFC 7009 §2.1: another client's token is refused, and stays alive.
            context.Refuse(ProtocolError.InvalidGrant("token of another client"));
            return;
        }

        if (owner is { GrantId: null })
        {
            context.Refuse(ProtocolError.UnsupportedTokenType());
            return;
        }

        if (owner is { GrantId: { } grantId } && await grants.RevokeAsync(grantId))
        {
            Revoked(grantId, client.ClientId);
        }

        var response = context.Transaction.Http().Response;
        response.Headers.CacheControl = "no-store";
        response.ContentLength = 0;
        context.HandleRequest();
    }

    /// <returns>Null when the token is none that could still be used.</returns>
    private async ValueTask<Owner?> OwnerAsync(string token, CancellationToken cancellationToken)
    {
        if (RefreshToken.Read(token) is { } refreshToken)
        {
            return
                await grants.FindByAnyAsync(refreshToken, cancellationToken) is { } grant
                && await clients.FindAsync(grant.ApplicationId, cancellationToken) is { } client
                ? new Owner(client.ClientId, grant.Id)
                : null;
        }

        return (await reader.ReadAsync(token, cancellationToken)).TryGet(out var accessToken, out _)
            ? new Owner(accessToken.ClientId, accessToken.Actor is null ? accessToken.GrantId : null) // an exchanged one: the sign-in is another app's
            : null;
    }

    [LoggerMessage(2401, LogLevel.Information, "Revoked grant {GrantId} for {ClientId}.")]
    private partial void Revoked(Guid grantId, string clientId);

    private sealed record Owner(string ClientId, Guid? GrantId);
}
