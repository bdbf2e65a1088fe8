using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace AuthServer.Accounts;

/// <summary>
/// Tells ASP.NET Core who the session's person is, so that pages can say who may open them. A person who is not logged
/// in is sent to the log-in page and back; one who may not gets 403.
/// </summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    SessionReader sessions
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await sessions.CurrentAsync(Context) is not { } session)
        {
            return AuthenticateResult.NoResult();
        }

        var identity = new ClaimsIdentity(
            [
                new Claim(StaffIdentity.Account, session.AccountId.ToString()),
                new Claim("preferred_username", session.Username),
                new Claim(StaffIdentity.Role, session.StaffRole.ToString()),
                new Claim(
                    StaffIdentity.AuthenticatedAt,
                    session.AuthenticatedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)
                ),
            ],
            SchemeName,
            "preferred_username",
            StaffIdentity.Role
        );
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Redirect(
            "/log-in?returnUrl=" + Uri.EscapeDataString(Request.PathBase + Request.Path + Request.QueryString)
        );
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
