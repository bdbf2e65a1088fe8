using System.Net;
using System.Text.RegularExpressions;
using AuthServer.Clients;
using AuthServer.Protocol.Authorize;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests;

/// <summary>Steps that many tests of the protocol take.</summary>
internal static partial class ProtocolSteps
{
    /// <summary>
    /// A client that may ask for everything, the registration numbers too, and need not send PKCE: like the conformance
    /// suite's.
    /// </summary>
    public static ClientMetadata EveryScope { get; } =
        new()
        {
            ClientName = "Everything",
            RedirectUris = [Given.RedirectUri],
            PostLogoutRedirectUris = [Given.PostLogoutRedirectUri],
            GrantTypes = ["authorization_code", "refresh_token"],
            Scope = "openid profile email phone address professional offline_access",
            RequirePkce = false,
        };

    /// <summary>A browser app or a phone app: no secret.</summary>
    public static ClientMetadata PublicApp { get; } =
        new()
        {
            ClientName = "Public",
            RedirectUris = ["https://spa.example.test/callback"],
            GrantTypes = ["authorization_code", "refresh_token"],
            TokenEndpointAuthMethod = "none",
        };

    /// <summary>A new person, logged in in a browser of their own.</summary>
    public static async Task<TestBrowser> NewPersonAsync(this AuthServerFixture server) =>
        await server.Given.LoggedInAsync(await server.Given.AccountAsync());

    /// <summary>Asks for a code in a browser that is logged in; anything else fails the test.</summary>
    public static async Task<(string Code, AuthorizeAttempt Attempt)> CodeAsync(
        this RelyingParty app,
        TestBrowser browser,
        string scope = "openid",
        IReadOnlyDictionary<string, string?>? more = null
    )
    {
        var attempt = app.Authorize(scope, more);
        return (app.CodeOf(await browser.GetAsync(attempt.Url), attempt), attempt);
    }

    /// <summary>
    /// The code of a successful answer, which holds nothing else but state and issuer (RFC 6749 §4.1.2, RFC 9207 §2).
    /// </summary>
    public static string CodeOf(this RelyingParty app, Page page, AuthorizeAttempt attempt)
    {
        var answer = app.Callback(page, attempt);
        Assert.Equal(["code", "iss", "state"], answer.Keys.Order());
        return answer["code"];
    }

    /// <summary>The error that is sent to the redirect URI; anything else fails the test.</summary>
    public static async Task<string> RefusedAsync(
        this RelyingParty app,
        TestBrowser browser,
        AuthorizeAttempt attempt
    ) => app.ErrorOf(await browser.GetAsync(attempt.Url), attempt);

    /// <summary>The error of a refusal, which holds no code and nothing that the standards do not name.</summary>
    public static string ErrorOf(this RelyingParty app, Page page, AuthorizeAttempt attempt)
    {
        var answer = app.Callback(page, attempt);
        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        Assert.Equal(["error", "error_description", "iss", "state"], answer.Keys.Order());
        Assert.Matches(ErrorText(), answer["error_description"]);
        return answer["error"];
    }

    /// <summary>
    /// An error as JSON (RFC 6749 §5.2): the status, the type, never cached, nothing odd in its text.
    /// </summary>
    public static Page IsError(this Page page, string code, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        Assert.True(page.Status == status, $"Not {status} but {page}");
        Assert.Equal("application/json", page.Headers["Content-Type"]);
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
        Assert.Equal(code, page.Json.GetProperty("error").GetString());
        Assert.Matches(ErrorText(), page.Json.GetProperty("error_description").GetString());
        return page;
    }

    /// <summary>A refusal that is shown on a page of ours because there is nowhere it could safely be sent.</summary>
    public static void IsShown(this Page page)
    {
        Assert.True(page.Status == HttpStatusCode.BadRequest, $"Not an error page but {page}");
        Assert.Null(page.Location);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.NotEmpty(page.Heading ?? "");
    }

    /// <summary>Where pages bring a ticket back to.</summary>
    public static string Back(string ticket) => AuthorizeTickets.ReturnPath(ticket);

    /// <summary>The tokens of a successful answer from the token endpoint.</summary>
    public static string AccessToken(this Page page) => page.Ok().Json.GetProperty("access_token").GetString()!;

    public static string RefreshToken(this Page page) => page.Ok().Json.GetProperty("refresh_token").GetString()!;

    /// <summary>RFC 6749 §4.1.2.1, §5.2: printable ASCII without <c>"</c> and <c>\</c>.</summary>
    [GeneratedRegex(@"\A[\x20\x21\x23-\x5B\x5D-\x7E]+\z")]
    private static partial Regex ErrorText();
}
