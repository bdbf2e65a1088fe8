using AuthServer.Accounts;
using AuthServer.Demo;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;
using Recovery.Cases;
using Recovery.Pages.SupportCase;

namespace AuthServer.Pages.About;

/// <summary>A cookie that the program sets.</summary>
/// <param name="Name">As browsers list it.</param>
/// <param name="Purpose">For the person whose browser it is in.</param>
/// <param name="Expires">When the browser deletes it.</param>
internal sealed record SetCookie(string Name, string Purpose, string Expires);

/// <summary>
/// Every cookie that the program sets, for the page that says so. <c>CookiesTests</c> compares it with what the server
/// sends.
/// </summary>
internal sealed class CookieList(
    IOptions<AntiforgeryOptions> antiforgery,
    IOptions<Accounts.SessionOptions> sessions,
    IOptions<CaseOptions> cases,
    IOptions<DemoOptions> demo
)
{
    private const string WithTheBrowser = "When you close your browser";

    /// <param name="request">Names have a prefix on https.</param>
    public IEnumerable<SetCookie> Of(HttpRequest request)
    {
        yield return new(
            SessionCookie.Name(request),
            "Keeps you logged in. It holds a random number and nothing about you. You are logged out after "
                + $"{Words.Duration(sessions.Value.IdleTimeout)} without use, and after {Words.Duration(sessions.Value.AbsoluteLifetime)} at the latest.",
            WithTheBrowser
        );
        yield return new(
            antiforgery.Value.Cookie.Name ?? "form",
            "Makes sure that a form was sent from our own pages, and not by another website in your name.",
            WithTheBrowser
        );
        yield return new(
            KnownBrowsers.Name(request),
            "Remembers which accounts have logged in from this browser, so that a stranger who guesses at your password cannot stop you from logging in here.",
            After(KnownBrowsers.Lifetime)
        );
        yield return new(
            RememberedUsername.Name(request),
            "Fills in your username when you log in. Set only if you select \"Remember my username on this device\".",
            After(RememberedUsername.Lifetime)
        );
        yield return new(
            RecentHints.Name(request),
            "Lets the help pages show what may have gone wrong when you could not log in. Only the help pages can read it.",
            After(RecentHints.Lifetime)
        );
        yield return new(
            DraftCookie.Name(request),
            "Keeps your answers together while you fill in a support case. Set only if you open one.",
            After(cases.Value.DraftLifetime)
        );
        if (demo.Value.Demo)
        {
            yield return new(
                DemoVisits.CookieName,
                "Keeps you logged in to the demo portfolio, which is for developers.",
                WithTheBrowser
            );
        }
    }

    private static string After(TimeSpan lifetime) =>
        lifetime == TimeSpan.FromDays(365) ? "After 1 year" : $"After {Words.Duration(lifetime)}";
}
