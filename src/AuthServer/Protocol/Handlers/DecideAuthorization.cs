using System.Security.Cryptography;
using AuthServer.Accounts;
using AuthServer.Protocol.Authorize;
using AuthServer.Protocol.Claims;
using AuthServer.Protocol.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AuthServer.Protocol.Handlers;

/// <summary>
/// Decides an authorization request (OIDC Core §3.1.2.3): a code, an error, or a page of ours. The only dispatcher: the
/// log-in and consent pages get a sealed ticket and always come back here with it.
/// </summary>
internal sealed class DecideAuthorization(
    SessionReader sessions,
    ConsentReader consents,
    AuthorizePages pages,
    TimeProvider clock
) : IOpenIddictServerHandler<HandleAuthorizationRequestContext>
{
    public async ValueTask HandleAsync(HandleAuthorizationRequestContext context)
    {
        var http = context.Transaction.Http();
        var valid = context.Transaction.Get<ValidAuthorizeRequest>();
        var open = context.Transaction.Get<OpenRequest>();
        var session = await sessions.CurrentAsync(http);
        var decision = AuthorizeDecision.For(
            new AuthorizeFacts
            {
                Request = valid,
                Session = session,
                ConsentedScopes =
                    session is not null && ConsentMatters(valid)
                        ? await consents.FindAsync(session.AccountId, valid.Client, context.CancellationToken)
                        : [],
                LogInIsOld = session is not null && open.Ticket?.CameWith(session) is not false,
                Now = clock.GetUtcNow(),
                Agreed = open.Ticket?.Agreed,
                Declined = open.Ticket?.Declined ?? false,
            }
        );
        switch (decision)
        {
            case AuthorizeDecision.LogIn:
                pages.GoTo(http, PagePaths.LogIn, context.Transaction.Get<AuthorizeRequest>(), open, session);
                context.HandleRequest();
                break;
            case AuthorizeDecision.AskConsent:
                pages.GoTo(http, PagePaths.Consent, context.Transaction.Get<AuthorizeRequest>(), open, session);
                context.HandleRequest();
                break;
            case AuthorizeDecision.Refuse(var error):
                context.Refuse(error);
                break;
            case AuthorizeDecision.IssueCode(var by, var scopes):
                context.Transaction.Set(Code(valid, by, scopes));
                context.SignIn(Presented.Subject(Subject.Of(by.AccountId)));
                break;
        }
    }

    private static bool ConsentMatters(ValidAuthorizeRequest valid) =>
        valid.Client.Metadata.RequireConsent || valid.Scopes.Contains(Scopes.OfflineAccess);

    private AuthorizationCode Code(ValidAuthorizeRequest valid, LiveSession session, IReadOnlyList<string> scopes) =>
        new()
        {
            GrantId = new Guid(RandomNumberGenerator.GetBytes(16)),
            ApplicationId = valid.Client.ApplicationId,
            RedirectUri = valid.ReturnAddress.Uri,
            AccountId = session.AccountId,
            Sid = session.Sid,
            SecurityStamp = session.SecurityStamp,
            Scopes = Scopes.Join(scopes),
            AuthenticatedAt = session.AuthenticatedAt,
            Methods = session.Methods,
            SessionExpiresAt = session.ExpiresAt,
            IssuedAt = clock.GetUtcNow(),
            Nonce = valid.Nonce,
            CodeChallenge = valid.CodeChallenge,
            ClaimsRequest = valid.Claims.Store(),
            Resources = valid.Resources.Count == 0 ? null : Scopes.Join(valid.Resources),
        };
}
