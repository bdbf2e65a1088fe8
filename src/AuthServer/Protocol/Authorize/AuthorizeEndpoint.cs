using System.Security.Cryptography;
using AuthServer.Accounts;
using AuthServer.Clients;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace AuthServer.Protocol.Authorize;

/// <summary>
/// GET and POST /connect/authorize (OIDC Core §3.1.2): reads, validates, decides, answers. The only dispatcher: the log-in and
/// consent pages get a sealed ticket and always come back here with it.
/// </summary>
internal sealed partial class AuthorizeEndpoint(
    ClientDirectory clients,
    SessionReader sessions,
    ConsentReader consents,
    AuthorizeTickets tickets,
    AuthorizationCodes codes,
    IdTokenHints hints,
    IOptions<ProtocolOptions> options,
    TimeProvider clock,
    ILogger<AuthorizeEndpoint> logger)
{
    public const string Path = "/connect/authorize";

    /// <summary>Characters of an address of ours with a ticket in it: all that a server takes by default is a little more.</summary>
    private const int LongestAddress = 14_000;

    public static Task HandleAsync(HttpContext http, AuthorizeEndpoint endpoint) => endpoint.AnswerAsync(http);

    private async Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await ReadAsync(http) is not { } open)
        {
            return;
        }

        var request = new AuthorizeRequest(open.Parameters);
        if (!(await FindClientAsync(request, http.RequestAborted)).TryGet(out var client, out var error))
        {
            Show(http, error, clientId: null);
        }
        else if (!ReturnAddress.For(client, request).TryGet(out var address, out error))
        {
            Show(http, error, client.ClientId);
        }
        else if (!(await ValidateAsync(request, client, address, http.RequestAborted)).TryGet(out var valid, out error))
        {
            Refused(client.ClientId, error.Code, error.Reason ?? error.Description);
            await AuthorizeResponse.ErrorAsync(http, address, options.Value.Issuer, error);
        }
        else
        {
            await DecideAsync(http, request, valid, open);
        }
    }

    /// <summary>The request as it came, or as it was put aside.</summary>
    /// <returns>Null when the answer has been given already.</returns>
    private async Task<OpenRequest?> ReadAsync(HttpContext http)
    {
        if (HttpMethods.IsPost(http.Request.Method))
        {
            return await ReadPostAsync(http);
        }

        var parameters = Parameters.Read(http.Request.Query);
        if (parameters["ticket"] is not { } sealedTicket)
        {
            return new OpenRequest(parameters, clock.GetUtcNow(), null);
        }

        switch (tickets.Open(sealedTicket))
        {
            case { Expired: false, Ticket: var ticket }:
                return new OpenRequest(Parameters.Of(ticket.Parameters), ticket.AskedAt, ticket);
            case { Ticket.ClientId: var clientId }:
                ShownError.Set(http, new ShownError(
                    400, "This took too long", "For your safety, logging in has to be finished within an hour. Go back to the app and start again.", null, clientId));
                return null;
            default:
                ShownError.Set(http, new ShownError(
                    400, "This link does not work", "It may have been cut short. Go back to the app and start again."));
                return null;
        }
    }

    /// <summary>
    /// A POST from another site comes without our SameSite=Lax cookie, as if nobody were logged in. So without a cookie the
    /// request is put aside and the browser comes back for it by GET, which carries the cookie if there is one.
    /// </summary>
    private async Task<OpenRequest?> ReadPostAsync(HttpContext http)
    {
        if (!(await Parameters.ReadFormWithRepeatsAsync(http.Request, http.RequestAborted)).TryGet(out var parameters, out var error))
        {
            Show(http, error, clientId: null);
            return null;
        }

        var now = clock.GetUtcNow();
        if (parameters.Repeated is not null || SessionCookie.IsPresent(http.Request))
        {
            return new OpenRequest(parameters, now, null);
        }

        var ticket = tickets.Seal(new AuthorizeTicket(parameters.All, now, parameters["client_id"] ?? "", parameters["login_hint"]));
        GoTo(http, AuthorizeTickets.ReturnPath(ticket), clientId: null);
        return null;
    }

    /// <summary>RFC 6749 §4.1.2.1: without a known client there is nowhere to send an error to.</summary>
    private async ValueTask<Result<RegisteredClient>> FindClientAsync(AuthorizeRequest request, CancellationToken cancellationToken)
    {
        if (request.Parameters.IsRepeated("client_id"))
        {
            return ProtocolError.Repeated("client_id");
        }

        if (request.ClientId is not { } clientId)
        {
            return ProtocolError.Missing("client_id");
        }

        return await clients.FindAsync(clientId, cancellationToken) is { } client
            ? client
            : ProtocolError.InvalidRequest("No app is registered with this client_id.");
    }

    private async ValueTask<Result<ValidAuthorizeRequest>> ValidateAsync(
        AuthorizeRequest request, RegisteredClient client, ReturnAddress address, CancellationToken cancellationToken)
    {
        foreach (var check in AuthorizeChecks.All)
        {
            if (check(request, client) is { } broken)
            {
                return broken;
            }
        }

        if (!ClaimsRequest.Parse(request.Claims).TryGet(out var claims, out var error))
        {
            return error;
        }

        string? hintedSubject = null;
        if (request.IdTokenHint is { } idToken)
        {
            if (!(await hints.ReadAsync(idToken, cancellationToken)).TryGet(out var hint, out error))
            {
                return error;
            }

            hintedSubject = hint.Subject;
        }

        // OIDC Core §5.5.1: nobody is both.
        if (hintedSubject is not null && claims.RequiredSubject is { } required && required != hintedSubject)
        {
            return ProtocolError.InvalidRequest("The id_token_hint and the claims parameter name two people.");
        }

        return new ValidAuthorizeRequest
        {
            Client = client,
            ReturnAddress = address,
            Scopes = AuthorizeChecks.GrantableScopes(request, client),
            Prompt = AuthorizeChecks.ReadPrompt(request.Prompt) ?? Prompts.Any,
            MaxAge = AuthorizeChecks.ReadMaxAge(request.MaxAge) ?? client.Metadata.DefaultMaxAge,
            Nonce = request.Nonce,
            CodeChallenge = request.CodeChallenge,

            // acr_values is a voluntary request for the acr claim (OIDC Core §5.5.1.1).
            Claims = request.AcrValues is null || claims.IdToken.Contains("acr")
                ? claims
                : claims with { IdToken = [.. claims.IdToken, "acr"] },
            RequiredSubject = hintedSubject ?? claims.RequiredSubject,
        };
    }

    private async Task DecideAsync(HttpContext http, AuthorizeRequest request, ValidAuthorizeRequest valid, OpenRequest open)
    {
        var session = await sessions.CurrentAsync(http);
        var decision = AuthorizeDecision.For(new AuthorizeFacts
        {
            Request = valid,
            Session = session,
            ConsentedScopes = session is not null && ConsentMatters(valid)
                ? await consents.FindAsync(session.AccountId, valid.Client.ClientId, http.RequestAborted)
                : [],
            AskedAt = open.AskedAt,
            Now = clock.GetUtcNow(),
            Agreed = open.Ticket?.Agreed,
            Declined = open.Ticket?.Declined ?? false,
        });
        switch (decision)
        {
            case AuthorizeDecision.LogIn:
                GoTo(http, PagePaths.LogIn, request, open);
                break;
            case AuthorizeDecision.AskConsent:
                GoTo(http, PagePaths.Consent, request, open);
                break;
            case AuthorizeDecision.Refuse(var error):
                Refused(valid.Client.ClientId, error.Code, error.Reason ?? error.Description);
                await AuthorizeResponse.ErrorAsync(http, valid.ReturnAddress, options.Value.Issuer, error);
                break;
            case AuthorizeDecision.IssueCode(var by, var scopes):
                await AuthorizeResponse.CodeAsync(http, valid.ReturnAddress, options.Value.Issuer, Code(valid, by, scopes));
                break;
        }
    }

    private static bool ConsentMatters(ValidAuthorizeRequest valid) =>
        valid.Client.Metadata.RequireConsent || valid.Scopes.Contains(Scopes.OfflineAccess);

    private void GoTo(HttpContext http, string page, AuthorizeRequest request, OpenRequest open)
    {
        var ticket = open.Ticket
            ?? new AuthorizeTicket(open.Parameters.All, open.AskedAt, request.ClientId ?? "", request.LoginHint);
        GoTo(http, QueryHelpers.AddQueryString(page, "ticket", tickets.Seal(ticket)), request.ClientId);
    }

    // The request travels in the address, and one that cannot get through is better refused here than by whatever is on the way.
    private void GoTo(HttpContext http, string address, string? clientId)
    {
        if (address.Length > LongestAddress)
        {
            Show(http, ProtocolError.InvalidRequest("The request is too long."), clientId);
            return;
        }

        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = address;
    }

    private string Code(ValidAuthorizeRequest valid, LiveSession session, IReadOnlyList<string> scopes) => codes.Seal(
        new AuthorizationCode
        {
            GrantId = new Guid(RandomNumberGenerator.GetBytes(16)),
            ClientId = valid.Client.ClientId,
            RedirectUri = valid.ReturnAddress.Uri,
            AccountId = session.AccountId,
            Sid = session.Sid,
            Scopes = Scopes.Join(scopes),
            AuthenticatedAt = session.AuthenticatedAt,
            Methods = session.Methods,
            SessionExpiresAt = session.ExpiresAt,
            IssuedAt = clock.GetUtcNow(),
            Nonce = valid.Nonce,
            CodeChallenge = valid.CodeChallenge,
            ClaimsRequest = valid.Claims.Store(),
        });

    private void Show(HttpContext http, ProtocolError error, string? clientId)
    {
        Refused(clientId, error.Code, error.Description);
        ShownError.Set(http, new ShownError(
            400,
            "This link to log in does not work",
            "The app that sent you here asked in a way that cannot be answered safely. Go back to the app and try again. If it happens again, tell the app's support team.",
            error.Description,
            clientId));
    }

    [LoggerMessage(2101, LogLevel.Information, "Refused authorization for {ClientId}: {Code} ({Reason}).")]
    private partial void Refused(string? clientId, string code, string reason);

    /// <param name="Parameters">As they came, or out of the ticket.</param>
    /// <param name="AskedAt">When they first came.</param>
    /// <param name="Ticket">Null when no page has been shown yet.</param>
    private sealed record OpenRequest(Parameters Parameters, DateTimeOffset AskedAt, AuthorizeTicket? Ticket);
}
