using OpenIddict.Abstractions;
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

/// <summary>True where a token is used up that has a row of OpenIddict's: a device code, a user code.</summary>
internal sealed class TokenRowsOnly : IOpenIddictServerHandlerFilter<ProcessSignInContext>
{
    public ValueTask<bool> IsActiveAsync(ProcessSignInContext context) => new(context.EndpointType switch
    {
        OpenIddictServerEndpointType.EndUserVerification => true,
        OpenIddictServerEndpointType.Token => context.Request.IsDeviceCodeGrantType(),
        _ => false,
    });
}
