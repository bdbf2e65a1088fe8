using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Demo;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthServer.Pages.Demo;

/// <summary>
/// The demo app, as one page: who is logged in to it, with which tokens. It exists only where <c>Demo</c> is true.
/// </summary>
internal sealed class IndexModel(RelyingParty app, DemoVisits visits, IOptions<DemoOptions> options) : PageModel
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Null: nobody is logged in to the app.</summary>
    public LoggedInPerson? Person { get; private set; }

    /// <summary>What went wrong, for the app's developer.</summary>
    public string? Problem { get; private set; }

    public bool LoggedOut { get; private set; }

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (!options.Value.Demo)
        {
            context.Result = NotFound();
        }
    }

    public void OnGet() => Person = visits.Of(HttpContext).Person;

    public Task<IActionResult> OnGetStartAsync(CancellationToken cancellationToken) =>
        AskAsync(async () =>
        {
            var (address, underWay) = await app.StartAsync(cancellationToken);
            visits.Keep(HttpContext, visits.Of(HttpContext) with { LogIn = underWay });
            return Redirect(address);
        });

    public Task<IActionResult> OnGetCallbackAsync(CancellationToken cancellationToken) =>
        AskAsync(async () =>
        {
            if (visits.Of(HttpContext).LogIn is not { } underWay)
            {
                throw new RelyingPartyException(
                    "This browser was not sent away to log in, or it came back before. Start again."
                );
            }

            visits.Keep(HttpContext, visits.Of(HttpContext) with { LogIn = null });
            var person = await app.FinishAsync(Request.Query, underWay, cancellationToken);
            visits.Keep(HttpContext, new DemoVisit { Person = person });
            return Redirect(app.HomeUri);
        });

    public Task<IActionResult> OnPostRefreshAsync(CancellationToken cancellationToken) =>
        WithPersonAsync(person => app.RefreshAsync(person, cancellationToken));

    public Task<IActionResult> OnPostClaimsAsync(CancellationToken cancellationToken) =>
        WithPersonAsync(person => app.AskAgainAsync(person, cancellationToken));

    public Task<IActionResult> OnPostLeaveAsync(CancellationToken cancellationToken) =>
        AskAsync(async () =>
        {
            if (visits.Of(HttpContext).Person is not { } person)
            {
                return Redirect(app.HomeUri);
            }

            var (address, state) = await app.LogOutAsync(person, cancellationToken);
            visits.Keep(HttpContext, new DemoVisit { LogOut = state });
            return Redirect(address);
        });

    public void OnGetLeft(string? state)
    {
        var visit = visits.Of(HttpContext);
        LoggedOut = visit.LogOut is { } expected && expected == state;
        Problem = LoggedOut ? null : "The state is not the one that this browser was sent away to log out with.";
        Person = visit.Person;
    }

    /// <summary>A token's header and claims as text, or the token itself where it is not a JWT.</summary>
    public static string Decoded(string token)
    {
        if (token.Split('.') is not [_, _, _])
        {
            return token;
        }

        var jwt = new JsonWebToken(token);
        return Show(Base64UrlJson(jwt.EncodedHeader)) + "\n" + Show(Base64UrlJson(jwt.EncodedPayload));
    }

    public static string Show(JsonNode? json) => json?.ToJsonString(Readable) ?? "";

    private static JsonNode? Base64UrlJson(string part) =>
        JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(part));

    private Task<IActionResult> WithPersonAsync(Func<LoggedInPerson, Task<LoggedInPerson>> act) =>
        AskAsync(async () =>
        {
            var visit = visits.Of(HttpContext);
            if (visit.Person is { } person)
            {
                visits.Keep(HttpContext, visit with { Person = await act(person) });
            }

            return Redirect(app.HomeUri);
        });

    private async Task<IActionResult> AskAsync(Func<Task<IActionResult>> act)
    {
        try
        {
            return await act();
        }
        catch (RelyingPartyException e)
        {
            Problem = e.Message;
            Person = visits.Of(HttpContext).Person;
            return Page();
        }
    }
}
