using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;

namespace AuthServer.Protocol.Resources;

/// <summary>
/// The <c>resource</c> parameter (RFC 8707): an app names the APIs that a token is for. It may name those that its scopes belong to
/// (<c>scopes add --resource</c>), and those in its own <c>access_token_audience</c>.
/// </summary>
internal sealed class ResourceIndicators(ScopeDirectory directory)
{
    /// <param name="asked">The values of <c>resource</c>.</param>
    /// <param name="scopes">What is granted.</param>
    /// <returns>Null, or <c>invalid_target</c> (RFC 8707 §2).</returns>
    public async ValueTask<ProtocolError?> CheckAsync(
        IReadOnlyList<string> asked, IReadOnlyCollection<string> scopes, RegisteredClient client, CancellationToken cancellationToken)
    {
        if (asked.Count == 0)
        {
            return null;
        }

        var open = await directory.ResourcesOfAsync(scopes, cancellationToken);
        return asked.All(resource => open.Contains(resource) || client.Metadata.AccessTokenAudience.Contains(resource))
            ? null
            : ProtocolError.InvalidTarget();
    }

    /// <summary>Says who the access token of this order is for, and takes away the scopes of other APIs (RFC 8707 §2.2).</summary>
    /// <param name="asked">The values of <c>resource</c> in the token request.</param>
    /// <returns>The order with its audience, or <c>invalid_target</c> when it was not authorized for one of them.</returns>
    public async ValueTask<Result<TokenOrder>> AddressAsync(
        TokenOrder order, IReadOnlyList<string> asked, RegisteredClient client, CancellationToken cancellationToken)
    {
        var scopes = Scopes.Split(order.Scopes);
        var authorized = Scopes.Split(order.Grant?.Resources);
        if (await CheckAsync(asked, scopes, client, cancellationToken) is { } error)
        {
            return error;
        }

        if (authorized.Count > 0 && !asked.All(authorized.Contains))
        {
            return ProtocolError.InvalidTarget();
        }

        var audience = asked.Count > 0 ? asked : authorized;
        if (audience.Count == 0)
        {
            return client.Metadata.AccessTokenAudience.Count > 0
                ? order
                : order with { Audience = await directory.ResourcesOfAsync(scopes, cancellationToken) };
        }

        List<string> narrowed = [];
        foreach (var scope in scopes)
        {
            var resources = await directory.ResourcesOfAsync([scope], cancellationToken);
            if (resources.Count == 0 || resources.Any(audience.Contains))
            {
                narrowed.Add(scope);
            }
        }

        return order with { Audience = audience, Scopes = Scopes.Join(narrowed) };
    }
}
