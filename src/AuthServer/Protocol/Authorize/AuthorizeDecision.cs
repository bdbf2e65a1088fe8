using AuthServer.Accounts;
using AuthServer.Protocol.Claims;

namespace AuthServer.Protocol.Authorize;

/// <summary>What the authorization endpoint does next. One of four, and nothing else.</summary>
internal abstract record AuthorizeDecision
{
    private AuthorizeDecision() { }

    public sealed record LogIn : AuthorizeDecision;

    public sealed record AskConsent : AuthorizeDecision;

    /// <param name="Session">Whose authorization it is.</param>
    /// <param name="Scopes">What is granted.</param>
    public sealed record IssueCode(LiveSession Session, IReadOnlyList<string> Scopes) : AuthorizeDecision;

    public sealed record Refuse(ProtocolError Error) : AuthorizeDecision;

    /// <summary>
    /// Decides from facts alone: no clock, no database, no HTTP (OIDC Core §3.1.2.3, §3.1.2.4, §3.1.2.6).
    /// </summary>
    public static AuthorizeDecision For(AuthorizeFacts facts)
    {
        if (facts.Declined)
        {
            return new Refuse(ProtocolError.AccessDenied());
        }

        var silent = facts.Request.Prompt == Prompts.None;
        if (WhyLogIn(facts) is { } reason)
        {
            // Somebody who has just logged in and is still not the one asked for would be sent round for ever.
            return silent || (facts.Session is not null && !facts.LogInIsOld)
                ? new Refuse(ProtocolError.LoginRequired(reason))
                : new LogIn();
        }

        var session = facts.Session!;
        var wanted = facts.Request.Scopes;
        if (AgreedHere(facts, session))
        {
            return new IssueCode(session, wanted);
        }

        var covered = wanted.All(facts.ConsentedScopes.Contains);
        if (facts.Request.Prompt.HasFlag(Prompts.Consent) || (facts.Request.Client.Metadata.RequireConsent && !covered))
        {
            return silent ? new Refuse(ProtocolError.ConsentRequired()) : new AskConsent();
        }

        // OIDC Core §11: without consent, offline access is not asked for but ignored.
        return new IssueCode(session, covered ? wanted : [.. wanted.Where(scope => scope != Scopes.OfflineAccess)]);
    }

    /// <returns>Why the person has to log in, or null when the session will do.</returns>
    private static string? WhyLogIn(AuthorizeFacts facts)
    {
        var request = facts.Request;
        return facts.Session switch
        {
            null => "no session",
            _ when facts.LogInIsOld && (request.Prompt & (Prompts.Login | Prompts.SelectAccount)) != 0 =>
                "prompt asks for a log-in",
            { } session when facts.LogInIsOld && TooOld(session, request.MaxAge, facts.Now) =>
                "log-in older than max_age",
            { } session when request.RequiredSubject is { } subject && subject != Subject.Of(session.AccountId) =>
                "another person",
            _ => null,
        };
    }

    // Whole seconds, as auth_time is: an app that checks the age itself must come to the same answer. Zero is
    // prompt=login by another name (OIDC Core §3.1.2.1), within the same second too.
    // The age of a log-in that is dated in the future is unknown, so it counts as too old.
    private static bool TooOld(LiveSession session, long? maxAge, DateTimeOffset now) =>
        maxAge is { } seconds
        && (
            seconds == 0
            || now.ToUnixTimeSeconds() - session.AuthenticatedAt.ToUnixTimeSeconds() > seconds
            || session.AuthenticatedAt - now > Clocks.MostApart
        );

    private static bool AgreedHere(AuthorizeFacts facts, LiveSession session) =>
        facts.Agreed is { } agreed
        && agreed.Sid == session.Sid
        && facts.Request.Scopes.All(Scopes.Split(agreed.Scopes).Contains);
}

/// <summary>Everything a decision rests on.</summary>
internal sealed record AuthorizeFacts
{
    public required ValidAuthorizeRequest Request { get; init; }

    public required LiveSession? Session { get; init; }

    /// <summary>What the person agreed to earlier, for this app.</summary>
    public required IReadOnlyCollection<string> ConsentedScopes { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>What was agreed on the consent page for this very request.</summary>
    public AgreedConsent? Agreed { get; init; }

    public bool Declined { get; init; }

    /// <summary>
    /// True when the log-in came before the request: <c>prompt=login</c> and <c>max_age</c> then want a new one.
    /// </summary>
    public required bool LogInIsOld { get; init; }
}
