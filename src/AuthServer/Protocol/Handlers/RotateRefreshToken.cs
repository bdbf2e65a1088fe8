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
        var narrowed = Scopes.Split(form["scope"]);
        if (!client.Metadata.RotateRefreshTokens)
        {
            return await KeepAsync(client, token, narrowed, form, cancellationToken);
        }

        // Nearly every refresh: nothing can be wrong with what it asks for, so one statement is enough.
        var secrets = await keys.SecretsAsync(cancellationToken);
        var isPlain = narrowed.Count == 0 && form.Resources.Count == 0 && client.Scopes.Contains(Scopes.OpenId);
        if (isPlain && await ReplaceAsync(client, token, secrets, GrantKind.Plain) is var (plain, successor))
        {
            return await AddressAsync(client, plain, narrowed, successor, form, CancellationToken.None);
        }

        // Looked at before anything is used up: an app that asks for too much, or has lost the scopes or the APIs that
        // the user agreed to, keeps the token it has.
        if (
            await grants.FindAsync(token, cancellationToken) is { } known
            && known.ApplicationId == client.ApplicationId
            && !(await AddressAsync(client, known, narrowed, null, form, cancellationToken)).TryGet(
                out _,
                out var error
            )
        )
        {
            return error;
        }

        return
            (
                await ReplaceAsync(client, token, secrets, GrantKind.Any)
                ?? await FindSuccessorAsync(client, token, secrets)
            )
                is var (grant, next)
            ? await AddressAsync(client, grant, narrowed, next, form, CancellationToken.None)
            : await RefuseAsync(client, token);
    }

    private async ValueTask<Result<TokenOrder>> KeepAsync(
        RegisteredClient client,
        RefreshToken token,
        IReadOnlyList<string> narrowed,
        Parameters form,
        CancellationToken cancellationToken
    )
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

    // From here on the old token is used up, whatever becomes of the caller.
    private async ValueTask<(LiveGrant Grant, string Next)?> ReplaceAsync(
        RegisteredClient client,
        RefreshToken token,
        IReadOnlyList<byte[]> secrets,
        GrantKind kind
    )
    {
        var next = token.Next(secrets[0]);
        if (await grants.RotateAsync(token, next, client.ApplicationId, kind, CancellationToken.None) is not { } grant)
        {
            return null;
        }

        await CountAsUseAsync(grant);
        return (grant, next.Text);
    }

    // Replaced already. The other keys are tried too: the first one may have changed since.
    private async ValueTask<(LiveGrant Grant, string Next)?> FindSuccessorAsync(
        RegisteredClient client,
        RefreshToken token,
        IReadOnlyList<byte[]> secrets
    )
    {
        foreach (var secret in secrets)
        {
            var next = token.Next(secret);
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
        var granted = Scopes.Split(grant.Scopes);
        if (!narrowed.All(granted.Contains))
        {
            return ProtocolError.InvalidScope("A refresh cannot ask for more than was granted.");
        }

        string[] open = [.. (narrowed.Count > 0 ? narrowed : granted).Where(client.Scopes.Contains)];
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
