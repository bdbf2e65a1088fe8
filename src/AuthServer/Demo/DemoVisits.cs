using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace AuthServer.Demo;

/// <summary>What the demo app knows of one browser.</summary>
internal sealed record DemoVisit
{
    public LogInUnderWay? LogIn { get; init; }

    public LoggedInPerson? Person { get; init; }

    /// <summary>The state that a log-out was sent away with.</summary>
    public string? LogOut { get; init; }
}

/// <summary>
/// The demo app's own sessions: a cookie with a random id, and the rest in memory. Gone with the process.
/// </summary>
internal sealed class DemoVisits
{
    public const string CookieName = "demo";

    /// <summary>A developer has a browser or two; this only keeps a runaway test from filling the memory.</summary>
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, DemoVisit> _visits = new(StringComparer.Ordinal);

    public DemoVisit Of(HttpContext http) =>
        http.Request.Cookies[CookieName] is { } id && _visits.TryGetValue(id, out var visit) ? visit : new DemoVisit();

    /// <summary>
    /// Keeps what is known from now on, under a new id, so that an id from before a log-in is worth nothing after it.
    /// </summary>
    public void Keep(HttpContext http, DemoVisit visit)
    {
        if (http.Request.Cookies[CookieName] is { } before)
        {
            _visits.TryRemove(before, out _);
        }

        if (_visits.Count >= Most)
        {
            _visits.Clear();
        }

        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        _visits[id] = visit;
        http.Response.Cookies.Append(
            CookieName,
            id,
            new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                Path = "/demo",
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
            }
        );
    }
}
