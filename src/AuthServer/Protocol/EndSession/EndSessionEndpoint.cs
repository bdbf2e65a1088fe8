using AuthServer.Accounts;
using AuthServer.Protocol.Claims;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Protocol.EndSession;

/// <summary>
/// GET and POST /connect/endsession (OpenID Connect RP-Initiated Logout 1.0). With an ID token that proves whose session is
/// meant it is ended at once; otherwise the person is asked first (§2, §6), so that no link can log anybody out.
/// </summary>
internal sealed partial class EndSessionEndpoint(
    EndSessionRequests requests,
    EndSessionTickets tickets,
    SessionReader reader,
    Sessions sessions,
    ILogger<EndSessionEndpoint> logger)
{
    public const string Path = "/connect/endsession";

    public static Task HandleAsync(HttpContext http, EndSessionEndpoint endpoint) => endpoint.AnswerAsync(http);

    private async Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!(await ReadAsync(http)).TryGet(out var parameters, out var error))
        {
            Refuse(http, error);
            return;
        }

        // Back from the log-out page, where the person said yes.
        if (parameters["ticket"] is { } sealedTicket)
        {
            Finish(http, tickets.Open(sealedTicket));
            return;
        }

        if (!(await requests.ReadAsync(parameters, http.RequestAborted)).TryGet(out var request, out error))
        {
            Refuse(http, error);
            return;
        }

        var ticket = new EndSessionTicket(request.Client?.ClientId, request.ReturnUri, request.State);
        var session = await reader.CurrentAsync(http);
        if (session is not null && !IsAbout(request, session))
        {
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = QueryHelpers.AddQueryString(PagePaths.LogOut, "ticket", tickets.Seal(ticket));
            return;
        }

        await EndAsync(http, request, session);
        Finish(http, ticket);
    }

    // A POST without a body is a request without parameters, like the GET.
    private static async ValueTask<Result<Parameters>> ReadAsync(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method) && http.Request.ContentType is not null
            ? await Parameters.ReadFormWithRepeatsAsync(http.Request, http.RequestAborted)
            : Parameters.Read(http.Request.Query);

    // The browser's session, and also the one the hint names: a POST from the app comes without our SameSite=Lax cookie.
    private async ValueTask EndAsync(HttpContext http, EndSessionRequest request, LiveSession? session)
    {
        if (session is not null)
        {
            await sessions.EndCurrentAsync(http, CancellationToken.None);
        }

        if (request.Hint is { Sid: { } sid, Subject: var subject } && sid != session?.Sid && Guid.TryParse(subject, out var accountId))
        {
            await sessions.EndAsync(sid, accountId, CancellationToken.None);
        }
    }

    private static bool IsAbout(EndSessionRequest request, LiveSession session) =>
        request.Hint is { } hint && hint.Subject == Subject.Of(session.AccountId);

    private static void Finish(HttpContext http, EndSessionTicket? ticket)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = ticket switch
        {
            { ReturnUri: { } uri, State: { } state } => QueryHelpers.AddQueryString(uri, "state", state),
            { ReturnUri: { } uri } => uri,
            { ClientId: { } clientId } => QueryHelpers.AddQueryString(PagePaths.LoggedOut, "client_id", clientId),
            _ => PagePaths.LoggedOut,
        };
    }

    private void Refuse(HttpContext http, ProtocolError error)
    {
        Refused(error.Description);
        ShownError.Set(http, new ShownError(
            400,
            "You have not been logged out",
            "The app that sent you here asked in a way that cannot be answered safely. You can log out on this page: go to /log-out.",
            error.Description));
    }

    [LoggerMessage(2501, LogLevel.Information, "Refused a log-out request: {Reason}.")]
    private partial void Refused(string reason);
}
