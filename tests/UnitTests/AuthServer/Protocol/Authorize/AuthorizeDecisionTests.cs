using AuthServer.Accounts;
using AuthServer.Protocol.Authorize;
using AuthServer.Protocol.Claims;

namespace UnitTests.AuthServer.Protocol.Authorize;

/// <summary>
/// The one place that decides what happens next, from facts alone (OIDC Core §3.1.2.3, §3.1.2.4, §3.1.2.6).
/// </summary>
[Trait("spec", "OIDC Core 3.1.2.3")]
public sealed class AuthorizeDecisionTests
{
    private static readonly DateTimeOffset AskedAt = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Person = Guid.Parse("0190a8d0-0000-7000-8000-000000000001");
    private static readonly Guid Another = Guid.Parse("0190a8d0-0000-7000-8000-000000000002");

    /// <summary>
    /// Log-in: seconds before (negative) or after the request came, or null for nobody. Person: hinted at is the one
    /// who is logged in (same), another, or nobody.
    /// </summary>
    [Theory]
    //         log-in   prompt            max_age  hint       decision
    [InlineData(null, Prompts.Any, null, "", "LogIn")]
    [InlineData(null, Prompts.None, null, "", "login_required")]
    [InlineData(null, Prompts.Login, null, "", "LogIn")]
    [InlineData(null, Prompts.Consent, null, "", "LogIn")]
    [InlineData(null, Prompts.Any, 0, "", "LogIn")]
    [InlineData(-60, Prompts.Any, null, "", "IssueCode")]
    [InlineData(-60, Prompts.None, null, "", "IssueCode")]
    [InlineData(-60, Prompts.Login, null, "", "LogIn")]
    [InlineData(5, Prompts.Login, null, "", "IssueCode")]
    [InlineData(-60, Prompts.SelectAccount, null, "", "LogIn")]
    [InlineData(5, Prompts.SelectAccount, null, "", "IssueCode")]
    [InlineData(-60, Prompts.Consent, null, "", "AskConsent")]
    [InlineData(-60, Prompts.Login | Prompts.Consent, null, "", "LogIn")]
    [InlineData(5, Prompts.Login | Prompts.Consent, null, "", "AskConsent")]
    [InlineData(-60, Prompts.Any, 59, "", "LogIn")]
    [InlineData(-60, Prompts.Any, 60, "", "LogIn")] // ten seconds have passed on the pages
    [InlineData(-60, Prompts.Any, 70, "", "IssueCode")]
    [InlineData(-60, Prompts.None, 59, "", "login_required")]
    [InlineData(-60, Prompts.None, 0, "", "login_required")]
    [InlineData(-60, Prompts.Any, 0, "", "LogIn")]
    [InlineData(5, Prompts.Any, 0, "", "IssueCode")] // it is the log-in that was asked for
    [InlineData(0, Prompts.Any, 0, "", "IssueCode")]
    [InlineData(-60, Prompts.Any, null, "same", "IssueCode")]
    [InlineData(-60, Prompts.None, null, "same", "IssueCode")]
    [InlineData(-60, Prompts.Any, null, "another", "LogIn")]
    [InlineData(-60, Prompts.None, null, "another", "login_required")]
    // Logged in for this request and still not the one: no loop.
    [InlineData(5, Prompts.Any, null, "another", "login_required")]
    [InlineData(null, Prompts.Any, null, "same", "LogIn")]
    [Trait("oidc", "A6")]
    [Trait("oidc", "A7")]
    [Trait("oidc", "A8")]
    [Trait("oidc", "A9")]
    internal void Who_has_to_log_in(int? logIn, Prompts prompt, int? maxAge, string hint, string decision)
    {
        var facts = Facts(logIn, prompt) with { Now = AskedAt.AddSeconds(10) };
        facts = facts with
        {
            Request = facts.Request with
            {
                MaxAge = maxAge,
                RequiredSubject = hint switch
                {
                    "same" => Subject.Of(Person),
                    "another" => Subject.Of(Another),
                    _ => null,
                },
            },
        };

        Assert.Equal(decision, Name(AuthorizeDecision.For(facts)));
    }

    [Theory]
    //         scopes                   prompt           requires  agreed earlier           agreed here
    // decision
    [InlineData("openid", Prompts.Any, false, "", null, "openid")]
    [InlineData("openid offline_access", Prompts.Any, false, "", null, "openid")]
    [InlineData("openid offline_access", Prompts.Any, false, "openid offline_access", null, "openid offline_access")]
    [InlineData("openid offline_access", Prompts.Any, false, "offline_access", null, "openid")]
    [InlineData("openid offline_access", Prompts.Consent, false, "", null, "AskConsent")]
    [InlineData("openid offline_access", Prompts.Consent, false, "openid offline_access", null, "AskConsent")]
    [InlineData("openid offline_access", Prompts.Consent, false, "", "openid offline_access", "openid offline_access")]
    [InlineData("openid offline_access", Prompts.Consent, false, "", "openid", "AskConsent")]
    [InlineData("openid offline_access", Prompts.None, false, "openid offline_access", null, "openid offline_access")]
    [InlineData("openid offline_access", Prompts.None, false, "", null, "openid")]
    [InlineData("openid email", Prompts.Any, true, "", null, "AskConsent")]
    [InlineData("openid email", Prompts.Any, true, "openid", null, "AskConsent")]
    [InlineData("openid email", Prompts.Any, true, "email openid phone", null, "openid email")]
    [InlineData("openid email", Prompts.None, true, "", null, "consent_required")]
    [InlineData("openid email", Prompts.None, true, "openid email", null, "openid email")]
    [InlineData("openid email", Prompts.Any, true, "", "openid email", "openid email")]
    [Trait("oidc", "A8")]
    [Trait("spec", "OIDC Core 3.1.2.4")]
    [Trait("spec", "OIDC Core 11")]
    internal void Who_is_asked_to_agree_and_what_is_granted(
        string scopes,
        Prompts prompt,
        bool requires,
        string earlier,
        string? here,
        string outcome
    )
    {
        var facts = Facts(-60, prompt, requires, scopes) with
        {
            ConsentedScopes = Scopes.Split(earlier),
            Agreed = here is null ? null : new AgreedConsent("sid", here),
        };

        var decision = AuthorizeDecision.For(facts);

        Assert.Equal(
            outcome,
            decision is AuthorizeDecision.IssueCode(_, var granted) ? Scopes.Join(granted) : Name(decision)
        );
    }

    [Fact]
    [Trait("oidc", "A8")]
    public void Agreeing_in_one_session_is_not_agreeing_in_another()
    {
        var facts = Facts(-60, Prompts.Consent) with { Agreed = new AgreedConsent("another sid", "openid") };

        Assert.Equal("AskConsent", Name(AuthorizeDecision.For(facts)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(-60)]
    [InlineData(5)]
    [Trait("oidc", "A18")]
    [Trait("spec", "RFC 6749 4.1.2.1")]
    public void No_is_no(int? logIn)
    {
        var facts = Facts(logIn, Prompts.Consent) with { Declined = true, Agreed = new AgreedConsent("sid", "openid") };

        Assert.Equal("access_denied", Name(AuthorizeDecision.For(facts)));
    }

    private static AuthorizeFacts Facts(
        int? logIn,
        Prompts prompt,
        bool requireConsent = false,
        string scopes = "openid"
    )
    {
        var client = Requests.Client(metadata => metadata with { RequireConsent = requireConsent });
        Assert.True(ReturnAddress.For(client, Requests.Request()).TryGet(out var address, out _));
        return new AuthorizeFacts
        {
            Request = new ValidAuthorizeRequest
            {
                Client = client,
                ReturnAddress = address,
                Scopes = Scopes.Split(scopes),
                Prompt = prompt,
                MaxAge = null,
                Nonce = null,
                CodeChallenge = null,
                Resources = [],
                Claims = ClaimsRequest.Nothing,
                RequiredSubject = null,
            },
            Session = logIn is { } seconds ? Session(AskedAt.AddSeconds(seconds)) : null,
            ConsentedScopes = [],
            LogInIsOld = logIn < 0,
            Now = AskedAt,
        };
    }

    private static LiveSession Session(DateTimeOffset authenticatedAt) =>
        new(
            Guid.NewGuid(),
            "sid",
            Person,
            authenticatedAt,
            "pwd",
            authenticatedAt.AddHours(12),
            "smith1234",
            StaffRole.None,
            Guid.NewGuid()
        );

    private static string Name(AuthorizeDecision decision) =>
        decision is AuthorizeDecision.Refuse(var error) ? error.Code : decision.GetType().Name;
}
