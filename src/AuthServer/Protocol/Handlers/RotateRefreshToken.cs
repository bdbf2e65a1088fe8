using AuthServer.Accounts;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Keys;
using AuthServer.Protocol.Resources;
using AuthServer.Protocol.Tokens;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Trades a refresh token for fresh tokens (RFC 6749 §6, OIDC Core §12): one guarded UPDATE. The token is replaced at
/// each use; within a short grace the one before it gets the same successor again, so that two tabs and lost answers do
/// no harm; after that its use is taken for theft and revokes the grant (RFC 9700 §4.14.2).
/// </summary>
internal sealed class RotateRefreshToken(
    Grants grants,
    GrantReplay replay,
    SessionReader sessions,
    SigningKeyRing keys,
    ResourceIndicators resources,
    IOptions<ProtocolOptions> options
) : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (!context.Request.IsRefreshTokenGrantType())
        {
            return;
        }

        var client = context.Transaction.Get<RegisteredClient>();
        var token = context.Transaction.Get<RefreshToken>();
        context.Answer(
            client,
            await OrderAsync(client, token, context.Transaction.Get<Parameters>(), context.CancellationToken)
        );
    }

    private async ValueTask<Result<TokenOrder>> OrderAsync(
        RegisteredClient client,
        RefreshToken token,
        Parameters form,
        CancellationToken cancellationToken
    )
    {
        // Looked at before anything is used up: a client that asks for too much keeps the token it has.
        var narrowed = Scopes.Split(form["scope"]);
        if (
            (narrowed.Count > 0 || form.Resources.Count > 0)
            && await grants.FindAsync(token.GrantId, cancellationToken) is { } known
            && known.ApplicationId == client.ApplicationId
        )
        {
            if (!narrowed.All(Scopes.Split(known.Scopes).Contains))
            {
                return ProtocolError.InvalidScope("A refresh cannot ask for more than was granted.");
            }

            if (
                !(await AddressAsync(client, known, narrowed, null, form, cancellationToken)).TryGet(
                    out _,
                    out var error
                )
            )
            {
                return error;
            }
        }

        if (!client.Metadata.RotateRefreshTokens)
        {
            if (
                await grants.FindAsync(token, cancellationToken) is not { } kept
                || kept.ApplicationId != client.ApplicationId
            )
            {
                return await RefuseAsync(client, token);
            }

            await CountAsUseAsync(kept);
            return await AddressAsync(client, kept, narrowed, null, form, cancellationToken);
        }

        return await RotateAsync(client, token, await keys.SecretsAsync(cancellationToken)) is var (grant, next)
            ? await AddressAsync(client, grant, narrowed, next, form, CancellationToken.None)
            : await RefuseAsync(client, token);
    }

    // From here on the old token is used up, whatever becomes of the caller.
    private async ValueTask<(LiveGrant Grant, string Next)?> RotateAsync(
        RegisteredClient client,
        RefreshToken token,
        IReadOnlyList<byte[]> secrets
    )
    {
        var next = token.Next(secrets[0]);
        if (await grants.RotateAsync(token, next, client.ApplicationId, CancellationToken.None) is { } grant)
        {
            await CountAsUseAsync(grant);
            return (grant, next.Text);
        }

        // Replaced already. The other keys are tried too: the first one may have changed since.
        foreach (var secret in secrets)
        {
            next = token.Next(secret);
            if (
                await grants.FindRotatedAsync(
                    token,
                    next,
                    client.ApplicationId,
                    options.Value.RefreshGrace,
                    CancellationToken.None
                ) is
                { } same
            )
            {
                return (same, next.Text);
            }
        }

        return null;
    }

    private ValueTask CountAsUseAsync(LiveGrant grant) =>
        grant.SessionSeenAt is { } seenAt
            ? sessions.SeenByAppAsync(grant.Sid, grant.AccountId, seenAt)
            : ValueTask.CompletedTask;

    private async ValueTask<ProtocolError> RefuseAsync(RegisteredClient client, RefreshToken token)
    {
        var standing = await grants.StandingAsync(token, client.ApplicationId, CancellationToken.None);
        if (standing == RefreshTokenStanding.Replaced)
        {
            await replay.RevokeAsync(token.GrantId, client.ClientId, "refresh_token");
        }

        return ProtocolError.InvalidGrant($"refresh token: {standing}");
    }

    private async ValueTask<Result<TokenOrder>> AddressAsync(
        RegisteredClient client,
        LiveGrant grant,
        IReadOnlyList<string> narrowed,
        string? next,
        Parameters form,
        CancellationToken cancellationToken
    ) =>
        Order(client, grant, narrowed, next).TryGet(out var order, out var error)
            ? await resources.AddressAsync(order, form.Resources, client, cancellationToken)
            : error;

    // A scope that has been taken from the client since is no longer granted, whatever the user agreed to then.
    private static Result<TokenOrder> Order(
        RegisteredClient client,
        LiveGrant grant,
        IReadOnlyList<string> narrowed,
        string? refreshToken
    )
    {
        string[] open = [.. (narrowed.Count > 0 ? narrowed : Scopes.Split(grant.Scopes)).Where(client.Scopes.Contains)];
        return open.Length == 0
            ? ProtocolError.InvalidScope("None of the scopes is open to this client.")
            : new TokenOrder
            {
                Scopes = Scopes.Join(open),
                Grant = grant,
                RefreshToken = refreshToken,
            };
    }
}
