using AuthServer.Clients;
using AuthServer.Protocol.ClientProof;
using AuthServer.Protocol.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Writes the response of an endpoint for programs: never cached, errors with the status and challenge of RFC 6749
/// §5.2. In place of OpenIddict's four handlers, whose errors link to documentation that is not ours and whose 401
/// lacks a challenge.
/// </summary>
internal sealed partial class WriteJson<TContext>(ILogger<WriteJson<TContext>> logger)
    : IOpenIddictServerHandler<TContext>
    where TContext : BaseRequestContext
{
    public async ValueTask HandleAsync(TContext context)
    {
        var http = context.Transaction.Http();
        context.HandleRequest();
        if (context.Error() is { } error)
        {
            var client =
                context.Transaction.Find<RegisteredClient>() ?? context.Transaction.Find<AssertedClient>()?.Client;
            Refused(context.EndpointType, client?.ClientId, error.Code, error.Reason ?? error.Description);
            await JsonAnswer.WriteErrorAsync(http, error);
        }
        else if (context.Transaction.Find<TokenResponse>() is { } tokens)
        {
            await JsonAnswer.WriteAsync(http.Response, tokens.Write);
        }
        else
        {
            var response = context.Transaction.Response;
            var status = context.EndpointType == OpenIddictServerEndpointType.PushedAuthorization ? 201 : 200;
            await JsonAnswer.WriteAsync(http.Response, json => response?.WriteTo(json), status);
        }
    }

    [LoggerMessage(2203, LogLevel.Information, "Refused a {Endpoint} request of {ClientId}: {Code} ({Reason}).")]
    private partial void Refused(OpenIddictServerEndpointType endpoint, string? clientId, string code, string reason);
}
