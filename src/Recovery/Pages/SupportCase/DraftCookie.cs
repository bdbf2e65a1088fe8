using Microsoft.AspNetCore.Http;

namespace Recovery.Pages.SupportCase;

/// <summary>
/// The form's secret in the browser that fills it in: HttpOnly, SameSite=Lax, <c>__Host-</c> and Secure on https (RFC
/// 6265bis §4.1.3.2).
/// </summary>
public static class DraftCookie
{
    internal static string? Read(HttpRequest request) => request.Cookies[Name(request)];

    /// <param name="lifetime">As long as the form itself.</param>
    internal static void Write(HttpContext http, string token, TimeSpan lifetime) =>
        http.Response.Cookies.Append(Name(http.Request), token, Options(http.Request, lifetime));

    internal static void Remove(HttpContext http) =>
        http.Response.Cookies.Delete(Name(http.Request), Options(http.Request, null));

    /// <summary>What it is called, for the host's list of cookies.</summary>
    public static string Name(HttpRequest request) => request.IsHttps ? "__Host-support-case" : "support-case";

    private static CookieOptions Options(HttpRequest request, TimeSpan? lifetime) =>
        new()
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = lifetime,
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = request.IsHttps,
        };
}
