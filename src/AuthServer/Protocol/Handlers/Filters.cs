using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>True for an authorization request that names a pushed one (RFC 9126 §4).</summary>
internal sealed class PushedRequestOnly : IOpenIddictServerHandlerFilter<ValidateAuthorizationRequestContext>
{
    public const string Prefix = "urn:ietf:params:oauth:request_uri:";

    public ValueTask<bool> IsActiveAsync(ValidateAuthorizationRequestContext context) =>
        new(context.Request.RequestUri?.StartsWith(Prefix, StringComparison.Ordinal) is true);
}
