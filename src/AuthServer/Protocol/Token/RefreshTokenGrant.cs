using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.Token;

/// <summary>
/// Trades a refresh token for fresh tokens (RFC 6749 §6, OIDC Core §12). It is replaced at each use; the one before it still
/// works for a short grace, because an answer can be lost, and after that its use is taken for theft and revokes the grant
/// (RFC 9700 §4.14.2).
/// </summary>
internal sealed partial class RefreshTokenGrant(
    Grants grants, IOptions<ProtocolOptions> options, ILogger<RefreshTokenGrant> logger) : ITokenGrant
{
    public string GrantType => "refresh_token";

    public async ValueTask<Result<TokenOrder>> ProveAsync(
        RegisteredClient client, Parameters form, CancellationToken cancellationToken)
    {
        if (form["refresh_token"] is not { } text)
        {
            return ProtocolError.Missing("refresh_token");
        }

        if (RefreshToken.Read(text) is not { } token)
        {
            return ProtocolError.InvalidGrant("refresh token not ours");
        }

        // Looked at before anything is spent: a client that asks for too much keeps the token it has.
        var narrowed = Scopes.Split(form["scope"]);
        if (narrowed.Count > 0
            && await grants.FindAsync(token.GrantId, cancellationToken) is { } known
            && !narrowed.All(Scopes.Split(known.Scopes).Contains))
        {
            return ProtocolError.InvalidScope("A refresh cannot ask for more than was granted.");
        }

        return client.Metadata.RotateRefreshTokens
            ? await RotateAsync(client, token, narrowed)
            : await KeepAsync(client, token, narrowed, cancellationToken);
    }

    private async ValueTask<Result<TokenOrder>> RotateAsync(
        RegisteredClient client, RefreshToken token, IReadOnlyList<string> narrowed)
    {
        // From here on the old token is spent, whatever becomes of the caller.
        var next = token.Next();
        var grant = await grants.RotateAsync(token, next, client.ClientId, CancellationToken.None)
            ?? await grants.RotateAgainAsync(token, next, client.ClientId, options.Value.RefreshGrace, CancellationToken.None);
        return grant is null ? await RefuseAsync(client, token) : Order(client, grant, narrowed, next.Text);
    }

    private async ValueTask<Result<TokenOrder>> KeepAsync(
        RegisteredClient client, RefreshToken token, IReadOnlyList<string> narrowed, CancellationToken cancellationToken) =>
        await grants.FindAsync(token, cancellationToken) is { } grant && grant.ClientId == client.ClientId
            ? Order(client, grant, narrowed, refreshToken: null)
            : await RefuseAsync(client, token);

    private async ValueTask<ProtocolError> RefuseAsync(RegisteredClient client, RefreshToken token)
    {
        var standing = await grants.StandingAsync(token, client.ClientId, CancellationToken.None);
        if (standing == RefreshTokenStanding.Replaced && await grants.RevokeAsync(token.GrantId))
        {
            Replayed(token.GrantId, client.ClientId);
        }

        return ProtocolError.InvalidGrant($"refresh token: {standing}");
    }

    // A scope that has been taken from the client since is no longer granted, whatever the person agreed to then.
    private static Result<TokenOrder> Order(
        RegisteredClient client, LiveGrant grant, IReadOnlyList<string> narrowed, string? refreshToken)
    {
        string[] open = [.. (narrowed.Count > 0 ? narrowed : Scopes.Split(grant.Scopes)).Where(client.Scopes.Contains)];
        return open.Length == 0
            ? ProtocolError.InvalidScope("None of the scopes is open to this client.")
            : new TokenOrder { Scopes = Scopes.Join(open), Grant = grant, RefreshToken = refreshToken };
    }

    [LoggerMessage(2202, LogLevel.Warning, "A replaced refresh token was used again: revoked grant {GrantId} of {ClientId}.")]
    private partial void Replayed(Guid grantId, string clientId);
}
