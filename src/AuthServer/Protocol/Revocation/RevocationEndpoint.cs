using AuthServer.Clients;
using AuthServer.Protocol.Tokens;

namespace AuthServer.Protocol.Revocation;

/// <summary>
/// POST /connect/revoke (RFC 7009). A token is revoked with its whole family, because what it belongs to is one row: the grant.
/// An unknown, expired or already revoked token is answered like a revoked one (§2.2). A client's own token (client credentials)
/// has no row that could be revoked, and its client is told so (§2.2.1).
/// </summary>
internal sealed partial class RevocationEndpoint(
    ClientAuthentication authentication, AccessTokenReader reader, Grants grants, ILogger<RevocationEndpoint> logger)
{
    public const string Path = "/connect/revoke";

    public static Task HandleAsync(HttpContext http, RevocationEndpoint endpoint) => endpoint.AnswerAsync(http);

    private async Task AnswerAsync(HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        if (!(await Parameters.ReadFormAsync(http.Request, cancellationToken)).TryGet(out var form, out var error)
            || !(await authentication.AuthenticateAsync(http.Request, form, cancellationToken)).TryGet(out var client, out error))
        {
            await JsonAnswer.WriteErrorAsync(http, error);
            return;
        }

        if (form["token"] is not { } token)
        {
            await JsonAnswer.WriteErrorAsync(http, ProtocolError.Missing("token"));
            return;
        }

        var owner = await OwnerAsync(token, cancellationToken);
        if (owner is { } other && other.ClientId != client.ClientId)
        {
            // RFC 7009 §2.1: another client's token is refused, and stays alive.
            await JsonAnswer.WriteErrorAsync(http, ProtocolError.InvalidGrant("token of another client"));
            return;
        }

        if (owner is { GrantId: null })
        {
            await JsonAnswer.WriteErrorAsync(http, ProtocolError.UnsupportedTokenType());
            return;
        }

        if (owner is { GrantId: { } grantId } && await grants.RevokeAsync(grantId))
        {
            Revoked(grantId, client.ClientId);
        }

        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentLength = 0;
    }

    /// <returns>Null when the token is none that could still be used.</returns>
    private async ValueTask<Owner?> OwnerAsync(string token, CancellationToken cancellationToken)
    {
        if (RefreshToken.Read(token) is { } refreshToken)
        {
            return await grants.FindByAnyAsync(refreshToken, cancellationToken) is { } grant ? new Owner(grant.ClientId, grant.Id) : null;
        }

        return (await reader.ReadAsync(token, cancellationToken)).TryGet(out var accessToken, out _)
            ? new Owner(accessToken.ClientId, accessToken.GrantId)
            : null;
    }

    [LoggerMessage(2401, LogLevel.Information, "Revoked grant {GrantId} for {ClientId}.")]
    private partial void Revoked(Guid grantId, string clientId);

    private sealed record Owner(string ClientId, Guid? GrantId);
}
