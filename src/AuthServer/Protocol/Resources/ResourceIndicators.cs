using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;

namespace AuthServer.Protocol.Resources;

/// <summary>
/// The <c>resource</c> parameter (RFC 8707): an app names the APIs that a token is for. It may name those that its
/// scopes belong to (<c>scopes add --resource</c>), and those in its own <c>access_token_audience</c>.
/// </summary>
internal sealed class ResourceIndicators(ScopeDirectory directory)
{
    /// <param name="asked">The values of <c>resource</c>.</param>
    /// <param name="scopes">What is granted.</param>
    /// <returns>Null, or <c>invalid_target</c> (RFC 8707 §2).</returns>
    public async ValueTask<ProtocolError?> CheckAsync(
        IReadOnlyList<string> asked,
        IReadOnlyCollection<string> scopes,
        RegisteredClient client,
        CancellationToken cancellationToken
    )
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

    /// <summary>
    /// Says who the access token of this order is for, and takes away the scopes of other APIs (RFC 8707 §2.2).
    /// </summary>
    /// <param name="asked">The values of <c>resource</c> in the token request.</param>
    /// <returns>
    /// The order with its audience, or <c>invalid_target</c> when it was not authorized for one of them.
    /// </returns>
    public async ValueTask<Result<TokenOrder>> AddressAsync(
        TokenOrder order,
        IReadOnlyList<string> asked,
        RegisteredClient client,
        CancellationToken cancellationToken
    )
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

        if (asked.Count > 0)
        {
            return await NarrowAsync(order, asked, cancellationToken);
        }

        var open = await directory.ResourcesOfAsync(scopes, cancellationToken);
        if (authorized.Count == 0)
        {
            return client.Metadata.AccessTokenAudience.Count > 0 ? order : order with { Audience = open };
        }

        // What was taken from the client or from the scope since is no longer authorized.
        string[] left =
        [
            .. authorized.Where(resource =>
                open.Contains(resource) || client.Metadata.AccessTokenAudience.Contains(resource)
            ),
        ];
        return left.Length == 0 ? ProtocolError.InvalidTarget() : await NarrowAsync(order, left, cancellationToken);
    }

    /// <summary>
    /// The APIs that a client has to do with: those of its own audience, and of the scopes it may have.
    /// </summary>
    public async ValueTask<IReadOnlyCollection<string>> KnownToAsync(
        RegisteredClient client,
        CancellationToken cancellationToken
    ) =>
        [.. client.Metadata.AccessTokenAudience, .. await directory.ResourcesOfAsync(client.Scopes, cancellationToken)];

    /// <summary>
    /// The same for a token that is exchanged, whose targets may be other APIs than those of the sign-in (RFC 8693
    /// §2.1).
    /// </summary>
    /// <param name="order">What is granted.</param>
    /// <param name="targets">The values of <c>resource</c> and <c>audience</c>.</param>
    /// <param name="before">The audience of the subject token, which is kept when nothing else says who the new one is
    /// for.</param>
    /// <returns>The order with its audience, or <c>invalid_target</c>.</returns>
    public async ValueTask<Result<TokenOrder>> ExchangeAsync(
        TokenOrder order,
        IReadOnlyList<string> targets,
        IReadOnlyList<string> before,
        RegisteredClient client,
        CancellationToken cancellationToken
    )
    {
        if (await CheckAsync(targets, Scopes.Split(order.Scopes), client, cancellationToken) is { } error)
        {
            return error;
        }

        if (targets.Count > 0)
        {
            return await NarrowAsync(order, targets, cancellationToken);
        }

        if (client.Metadata.AccessTokenAudience.Count > 0)
        {
            return order;
        }

        var open = await directory.ResourcesOfAsync(Scopes.Split(order.Scopes), cancellationToken);
        return order with { Audience = open.Count > 0 ? open : before };
    }

    /// <returns>The order for this audience alone, or <c>invalid_scope</c> when none of its scopes is left.</returns>
    private async ValueTask<Result<TokenOrder>> NarrowAsync(
        TokenOrder order,
        IReadOnlyList<string> audience,
        CancellationToken cancellationToken
    )
    {
        List<string> narrowed = [];
        foreach (var scope in Scopes.Split(order.Scopes))
        {
            var resources = await directory.ResourcesOfAsync([scope], cancellationToken);
            if (resources.Count == 0 || resources.Any(audience.Contains))
            {
                narrowed.Add(scope);
            }
        }

        return narrowed.Count == 0
            ? ProtocolError.InvalidScope("No granted scope belongs to that resource.")
            : order with
            {
                Audience = audience,
                Scopes = Scopes.Join(narrowed),
            };
    }
}
