using AuthServer.Clients;
using AuthServer.Data;
using AuthServer.Protocol.Handlers;
using AuthServer.Protocol.Storage;
using OpenIddict.Core;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Device;

/// <summary>
/// Looks at a poll (RFC 8628 §3.4) before OpenIddict does: only the client that asked may poll, and not more often than
/// it was told to (<c>slow_down</c>, §3.5), which OpenIddict leaves out. What the code's state is, OpenIddict says.
/// </summary>
internal sealed class CheckPoll(IServiceScopeFactory scopes, HotSql sql, TimeProvider clock)
    : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    private const string Count =
        "UPDATE tokens SET next_poll_at = $3 WHERE id = $1 AND (next_poll_at IS NULL OR next_poll_at <= $2 OR next_poll_at > $3) RETURNING id";

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context is not { ValidateDeviceCode: true, DeviceCode: { Length: > 0 } code })
        {
            return;
        }

        var client = context.Transaction.Get<RegisteredClient>();
        if (!client.Metadata.GrantTypes.Contains(ClientMetadataRules.DeviceCode))
        {
            context.Refuse(ProtocolError.UnauthorizedClient("This client is not registered for that grant."));
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<OpenIddictTokenManager<Token>>();
        if (
            await tokens.FindByReferenceIdAsync(code, context.CancellationToken) is not { } token
            || !await tokens.HasTypeAsync(token, TokenTypeIdentifiers.Private.DeviceCode, context.CancellationToken)
            || await tokens.GetApplicationIdAsync(token, context.CancellationToken) != client.ApplicationId.ToString()
        )
        {
            context.Refuse(ProtocolError.InvalidGrant("device code unknown, or issued to another client"));
        }
        else if (
            await tokens.HasStatusAsync(token, Statuses.Inactive, context.CancellationToken) && !await CountAsync(token)
        )
        {
            context.Refuse(
                new ProtocolError(
                    Errors.SlowDown,
                    400,
                    $"The device polls too often. Wait {DeviceCodes.Interval.TotalSeconds:0} seconds longer between requests."
                )
            );
        }
    }

    /// <returns>False when this poll came too soon.</returns>
    private async ValueTask<bool> CountAsync(Token token)
    {
        var now = clock.GetUtcNow();
        return await sql.WriteOneAsync(
            Count,
            row => "counted",
            CancellationToken.None,
            token.Id,
            now,
            now + DeviceCodes.Interval - DeviceCodes.Tolerance
        )
            is not null;
    }
}
