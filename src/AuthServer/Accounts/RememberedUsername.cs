using System.Buffers.Text;
using System.Text;

namespace AuthServer.Accounts;

/// <summary>
/// "Remember my username": a cookie that fills the log-in page's first field for a year. It holds what was typed and
/// nothing secret; it is set and cleared by the log-in page alone, when the person ticks or unticks the box.
/// </summary>
internal static class RememberedUsername
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>UTF-8 bytes; longer ones nobody logs in with.</summary>
    private const int Longest = 1024;

    /// <returns>What the person typed the last time, or null.</returns>
    public static string? Read(HttpRequest request)
    {
        if (request.Cookies[Name(request)] is not { Length: > 0 and <= 2 * Longest } value)
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(value));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static void Write(HttpContext http, string username)
    {
        var bytes = Encoding.UTF8.GetBytes(username);
        if (bytes.Length is > 0 and <= Longest)
        {
            // Base64url, because a cookie cannot carry a curly apostrophe.
            http.Response.Cookies.Append(
                Name(http.Request),
                Base64Url.EncodeToString(bytes),
                LongLivedCookie.Options(http.Request, Lifetime)
            );
        }
    }

    public static void Clear(HttpContext http) =>
        http.Response.Cookies.Delete(Name(http.Request), LongLivedCookie.Options(http.Request, TimeSpan.Zero));

    public static string Name(HttpRequest request) => LongLivedCookie.Name(request, "remembered-username");
}
