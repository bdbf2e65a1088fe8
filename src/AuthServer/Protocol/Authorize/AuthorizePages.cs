using AuthServer.Accounts;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Protocol.Authorize;

/// <summary>
/// Sends the browser of an authorization request to a page of ours, or shows what is wrong with the request.
/// </summary>
internal sealed partial class AuthorizePages(AuthorizeTickets tickets, ILogger<AuthorizePages> logger)
{
    /// <summary>Puts the request aside and leads to a page, which comes back with it.</summary>
    /// <param name="session">What the browser has now.</param>
    public void GoTo(HttpContext http, string page, AuthorizeRequest request, OpenRequest open, LiveSession? session)
    {
        var ticket =
            open.Ticket
            ?? new AuthorizeTicket(open.Parameters.All, open.AskedAt, request.ClientId ?? "", request.LoginHint)
            {
                PushedRequest = open.PushedRequest,
                Resources = open.Parameters.Resources,
            };
        ticket = ticket.Earlier is null ? ticket with { Earlier = EarlierSession.Of(session) } : ticket;
        GoTo(http, QueryHelpers.AddQueryString(page, "ticket", tickets.Seal(ticket)), request.ClientId);
    }

    // The request travels in the address, and one that cannot get through is better refused here than by whatever is on
    // the way.
    public void GoTo(HttpContext http, string address, string? clientId)
    {
        if (address.Length > ProtocolPaths.LongestAddress)
        {
            ShowError(http, ProtocolError.InvalidRequest("The request is too long."), clientId);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = address;
    }

    /// <summary>RFC 6749 §4.1.2.1: an error that cannot be sent to an app is shown.</summary>
    public void ShowError(HttpContext http, ProtocolError error, string? clientId)
    {
        Refused(clientId, error.Code, error.Reason ?? error.Description);
        ShownError.Set(
            http,
            new ShownError(
                400,
                "This link to log in does not work",
                "The app that sent you here asked in a way that cannot be answered safely. Go back to the app and try again. If it happens again, tell the app's support team.",
                error.Description,
                clientId
            )
        );
    }

    [LoggerMessage(2101, LogLevel.Information, "Refused authorization for {ClientId}: {Code} ({Reason}).")]
    private partial void Refused(string? clientId, string code, string reason);
}
