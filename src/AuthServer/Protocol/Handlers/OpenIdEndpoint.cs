using Microsoft.AspNetCore.Authentication;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Metadata of a route that OpenIddict answers. Being a route, it has rate limits, CORS and 405 like any other;
/// OpenIddict by itself would answer from inside the authentication middleware, where none of them is known.
/// </summary>
/// <param name="Type">Which of OpenIddict's endpoints it is.</param>
internal sealed record OpenIdEndpoint(OpenIddictServerEndpointType Type)
{
    /// <summary>Lets OpenIddict answer the request.</summary>
    public static async Task HandleAsync(HttpContext http)
    {
        var handlers = http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        var handler = await handlers.GetHandlerAsync(http, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        if (handler is not IAuthenticationRequestHandler server || !await server.HandleRequestAsync())
        {
            throw new InvalidOperationException($"OpenIddict did not answer {http.GetEndpoint()?.DisplayName}.");
        }
    }
}

/// <summary>
/// Takes the endpoint's type from the route, in place of OpenIddict's comparison of the request's address with every
/// endpoint's. The base address is the issuer: what a proxy in front calls this server does not matter.
/// </summary>
internal sealed class UseRoutedEndpoint : IOpenIddictServerHandler<ProcessRequestContext>
{
    public ValueTask HandleAsync(ProcessRequestContext context)
    {
        context.BaseUri = context.RequestUri = context.Options.Issuer;
        context.EndpointType =
            context.Transaction.Http().GetEndpoint()?.Metadata.GetMetadata<OpenIdEndpoint>()?.Type
            ?? OpenIddictServerEndpointType.Unknown;
        return default;
    }
}
