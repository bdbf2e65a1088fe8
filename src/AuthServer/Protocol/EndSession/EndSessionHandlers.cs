using AuthServer.Accounts;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Handlers;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.EndSession;

/// <summary>
/// Reads a log-out request from the query or the form. A POST from another site comes without our SameSite=Lax cookie,
/// as if no session lived, so it is put aside and the browser comes back for it by GET.
/// </summary>
internal sealed partial class ReadEndSessionRequest(EndSessionTickets tickets, ILogger<ReadEndSessionRequest> logger)
    : IOpenIddictServerHandler<ExtractEndSessionRequestContext>
{
    public async ValueTask HandleAsync(ExtractEndSessionRequestContext context)
    {
        var http = context.Transaction.Http();
        http.Response.Headers.CacheControl = "no-store";
        context.Request = new OpenIddictRequest();

        // A POST without a body is a request without parameters, like the GET.
        var isForm = HttpMethods.IsPost(http.Request.Method) && http.Request.ContentType is not null;
        var read = isForm
            ? await Parameters.ReadFormWithRepeatsAsync(http.Request, context.CancellationToken)
            : Parameters.ReadQuery(http.Request);
        if (!read.TryGet(out var parameters, out var error) || parameters.Repeated is not null)
        {
            Show(http, error ?? ProtocolError.Repeated(Parameters.Printable(parameters?.Repeated ?? "")));
            context.HandleRequest();
        }
        else if (HttpMethods.IsPost(http.Request.Method) && !SessionCookie.IsPresent(http.Request))
        {
            EndSessionHandlers.GoTo(
                http,
                tickets.Address(
                    ProtocolPaths.EndSession,
                    new EndSessionTicket(null, null, null) { Posted = parameters.All }
                )
            );
            context.HandleRequest();
        }
        else
        {
            context.Transaction.Set(parameters);
        }
    }

    private void Show(HttpContext http, ProtocolError error)
    {
        Refused(error.Description);
        ShownError.Set(
            http,
            new ShownError(
                400,
                "You have not been logged out",
                "The app that sent you here asked in a way that cannot be answered safely. You can log out on this page: go to /log-out.",
                error.Description
            )
        );
    }

    [LoggerMessage(2501, LogLevel.Information, "Refused a log-out request: {Reason}.")]
    private partial void Refused(string reason);
}

/// <summary>
/// Answers a log-out request (OpenID Connect RP-Initiated Logout 1.0). With an ID token of this browser's user the
/// session ends at once; otherwise the user is asked first (§2, §6), so that no link can log anybody out. It never says
/// that the user has logged out while the browser has a session.
/// </summary>
internal sealed class AnswerEndSession(
    EndSessionRequests requests,
    EndSessionTickets tickets,
    SessionReader reader,
    IServiceScopeFactory scopes
) : IOpenIddictServerHandler<HandleEndSessionRequestContext>
{
    public async ValueTask HandleAsync(HandleEndSessionRequestContext context)
    {
        var http = context.Transaction.Http();
        var parameters = context.Transaction.Get<Parameters>();
        context.HandleRequest();
        var session = await reader.CurrentAsync(http);
        if (parameters["ticket"] is { } sealedTicket)
        {
            var ticket = tickets.Open(sealedTicket);
            if (ticket?.Posted is { } posted)
            {
                parameters = Parameters.Of(posted);
            }
            else if (session is not null)
            {
                Ask(http, ticket ?? new EndSessionTicket(null, null, null));
                return;
            }
            else
            {
                Finish(http, ticket); // back from the log-out page, where the user confirmed
                return;
            }
        }

        var request = await requests.ReadAsync(parameters, context.CancellationToken);
        var answer = new EndSessionTicket(request.Client?.ClientId, request.ReturnUri, request.State);
        var hinted = HintedSession(request);
        if (session is not null && IsAbout(request, session))
        {
            await EndAsync(http, hinted);
            Finish(http, answer);
        }
        else if (session is not null)
        {
            Ask(http, answer);
        }
        else if (hinted is not null && await reader.LivesAsync(hinted.Sid, hinted.AccountId, context.CancellationToken))
        {
            Ask(http, answer with { Hinted = hinted });
        }
        else
        {
            Finish(http, answer);
        }
    }

    // This browser's session, and the older one of the same user that the hint may name.
    private async ValueTask EndAsync(HttpContext http, HintedSession? hinted)
    {
        await using var scope = scopes.CreateAsyncScope();
        var sessions = scope.ServiceProvider.GetRequiredService<Sessions>();
        await sessions.EndCurrentAsync(http, CancellationToken.None);
        if (hinted is not null)
        {
            await sessions.EndAsync(hinted.Sid, hinted.AccountId, CancellationToken.None);
        }
    }

    private static HintedSession? HintedSession(EndSessionRequest request) =>
        request.Hint is { Sid: { } sid, Subject: var subject } && Guid.TryParse(subject, out var accountId)
            ? new HintedSession(sid, accountId)
            : null;

    private static bool IsAbout(EndSessionRequest request, LiveSession session) =>
        request.Hint is { } hint && hint.Subject == Subject.Of(session.AccountId);

    private void Ask(HttpContext http, EndSessionTicket ticket) =>
        EndSessionHandlers.GoTo(http, tickets.Address(PagePaths.LogOut, ticket));

    private static void Finish(HttpContext http, EndSessionTicket? ticket) =>
        EndSessionHandlers.GoTo(
            http,
            ticket switch
            {
                { ReturnUri: { } uri, State: { } state } => QueryHelpers.AddQueryString(uri, "state", state),
                { ReturnUri: { } uri } => uri,
                { ClientId: { } clientId } => QueryHelpers.AddQueryString(PagePaths.LoggedOut, "client_id", clientId),
                _ => PagePaths.LoggedOut,
            }
        );
}

internal static class EndSessionHandlers
{
    public static void GoTo(HttpContext http, string address)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = address;
    }
}
