using AuthServer.Data;
using AuthServer.Protocol.Authorize;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// A pushed request ends with the response that is sent to the app, a code or an error (RFC 9126 §7.3): not at the
/// first visit, because a person may reload the log-in page. Nothing is written for requests that were not pushed.
/// </summary>
internal sealed class EndPushedRequest(IServiceScopeFactory scopes, TimeProvider clock)
    : IOpenIddictServerHandler<ProcessSignInContext>,
        IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    /// <summary>Before a code is made.</summary>
    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (
            context.EndpointType == OpenIddictServerEndpointType.Authorization
            && !await TryEndAsync(context.Transaction)
        )
        {
            context.Refuse(
                new ProtocolError("invalid_request_uri", 400, "The pushed request was used before. Push it again.")
            );
        }
    }

    /// <summary>Before an error is sent to the app. An error that is shown to the person ends nothing.</summary>
    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.Error() is not null && context.Transaction.Find<ReturnAddress>() is not null)
        {
            await TryEndAsync(context.Transaction);
        }
    }

    /// <returns>False when the request was used before.</returns>
    private async Task<bool> TryEndAsync(OpenIddictServerTransaction transaction)
    {
        if (transaction.Find<OpenRequest>()?.PushedRequest is not { } id)
        {
            return true;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
        var key = Guid.Parse(id);
        DateTime? now = clock.GetUtcNow().UtcDateTime;
        var concurrencyToken = Guid.NewGuid().ToString();

        // OpenIddict's TryRedeemAsync returns false in an outage too: the app would be told that the request was used.
        return await db
                .Tokens.Where(t => t.Id == key && t.Status == Statuses.Valid)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(t => t.Status, Statuses.Redeemed)
                        .SetProperty(t => t.RedemptionDate, now)
                        .SetProperty(t => t.ConcurrencyToken, concurrencyToken)
                ) == 1;
    }
}
