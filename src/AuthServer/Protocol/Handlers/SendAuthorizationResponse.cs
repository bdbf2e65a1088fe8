using AuthServer.Clients;
using AuthServer.Protocol.Authorize;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Sends the authorization response, errors too, to the proved return address (RFC 6749 §4.1.2.1). In place of
/// OpenIddict's handlers: those show every rejected request to the person, redirect by 302, and post a form by inline
/// script.
/// </summary>
internal sealed partial class SendAuthorizationResponse(
    AuthorizePages pages,
    IOptions<ProtocolOptions> options,
    ILogger<SendAuthorizationResponse> logger
) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        var http = context.Transaction.Http();
        var client = context.Transaction.Find<RegisteredClient>()?.ClientId;
        context.HandleRequest();
        switch (context.Transaction.Find<ReturnAddress>(), context.Error())
        {
            case (null, var error):
                pages.ShowError(http, error ?? ProtocolError.InvalidRequest("The request was refused."), client);
                break;
            case ({ } address, { } error):
                Refused(client, error.Code, error.Reason ?? error.Description);
                await AuthorizeResponse.ErrorAsync(http, address, options.Value.Issuer, error);
                break;
            case ({ } address, null):
                await AuthorizeResponse.CodeAsync(http, address, options.Value.Issuer, context.Response.Code ?? "");
                break;
        }
    }

    [LoggerMessage(2102, LogLevel.Information, "Refused authorization for {ClientId}: {Code} ({Reason}).")]
    private partial void Refused(string? clientId, string code, string reason);
}
