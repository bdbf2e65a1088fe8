namespace AuthServer.Accounts;

/// <summary>
/// How cookies that outlive the browser's window are set: HttpOnly, SameSite=Lax, and <c>__Host-</c> and Secure on
/// https.
/// </summary>
internal static class LongLivedCookie
{
    public static string Name(HttpRequest request, string name) => request.IsHttps ? "__Host-" + name : name;

    public static CookieOptions Options(HttpRequest request, TimeSpan lifetime) =>
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
