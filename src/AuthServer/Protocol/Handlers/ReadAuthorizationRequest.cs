using AuthServer.Accounts;
using AuthServer.Protocol.Authorize;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Reads an authorization request from the query, the form (OIDC Core §3.1.2.1), or the sealed ticket with which a page
/// of ours comes back.
/// </summary>
internal sealed class ReadAuthorizationRequest(AuthorizeTickets tickets, AuthorizePages pages, TimeProvider clock)
    : IOpenIddictServerHandler<ExtractAuthorizationRequestContext>
{
    public async ValueTask HandleAsync(ExtractAuthorizationRequestContext context)
    {
        var http = context.Transaction.Http();
        http.Response.Headers.CacheControl = "no-store";
        context.Request = new OpenIddictRequest();
        var read = HttpMethods.IsPost(http.Request.Method)
            ? await Parameters.ReadFormWithRepeatsAsync(http.Request, context.CancellationToken)
            : Parameters.ReadQuery(http.Request);
        if (!read.TryGet(out var parameters, out var error))
        {
            pages.ShowError(http, error, clientId: null);
            context.HandleRequest();
            return;
        }

        if (
            HttpMethods.IsPost(http.Request.Method)
            && parameters.Repeated is null
            && !SessionCookie.IsPresent(http.Request)
        )
        {
            PutAside(http, parameters);
            context.HandleRequest();
            return;
        }

        if (Open(http, parameters) is not { } open)
        {
            context.HandleRequest();
            return;
        }

        context.Transaction.Set(open);
        context.Request = open.Parameters.ToOpenIddict();
    }

    /// <returns>Null when the response has been given already.</returns>
    private OpenRequest? Open(HttpContext http, Parameters parameters)
    {
        if (HttpMethods.IsPost(http.Request.Method) || parameters["ticket"] is not { } sealedTicket)
        {
            return new OpenRequest(parameters, clock.GetUtcNow(), null, null);
        }

        switch (tickets.Open(sealedTicket))
        {
            case { Expired: false, Ticket: var ticket }:
                return new OpenRequest(
                    Parameters.Of(ticket.Parameters, ticket.Resources),
                    ticket.AskedAt,
                    ticket,
                    ticket.PushedRequest
                );
            case { Ticket.ClientId: var clientId }:
                ShownError.Set(
                    http,
                    new ShownError(
                        400,
                        "This took too long",
                        "For your safety, logging in has to be finished within an hour. Go back to the app and start again.",
                        null,
                        clientId
                    )
                );
                return null;
            default:
                ShownError.Set(
                    http,
                    new ShownError(
                        400,
                        "This link does not work",
                        "It may have been cut short. Go back to the app and start again."
                    )
                );
                return null;
        }
    }

    /// <summary>
    /// A POST from another site comes without our SameSite=Lax cookie, as if nobody were logged in. So without a cookie
    /// the request is put aside and the browser comes back for it by GET, which carries the cookie if there is one.
    /// </summary>
    private void PutAside(HttpContext http, Parameters parameters)
    {
        var ticket = new AuthorizeTicket(
            parameters.All,
            clock.GetUtcNow(),
            parameters["client_id"] ?? "",
            parameters["login_hint"]
        )
        {
            Resources = parameters.Resources,
        };
        pages.GoTo(http, AuthorizeTickets.ReturnPath(tickets.Seal(ticket)), clientId: null);
    }
}
