using System.Buffers.Text;
using System.Security.Cryptography;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Accounts;

/// <summary>
/// The session cookie: nothing but the session's sealed id. <c>__Host-</c> prefixed and Secure on https (RFC 6265bis
/// §4.1.3.2), HttpOnly, SameSite=Lax, gone when the browser closes.
/// </summary>
internal sealed class SessionCookie(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("AuthServer.Session.v1");

    /// <summary>True when the browser sent the cookie, whatever it is worth.</summary>
    public static bool IsPresent(HttpRequest request) => request.Cookies.ContainsKey(Name(request));

    /// <returns>The session's id, or null when there is no cookie or it was not sealed here.</returns>
    public Guid? Read(HttpRequest request)
    {
        if (request.Cookies[Name(request)] is not { Length: > 0 and < 512 } value)
        {
            return null;
        }

        try
        {
            return new Guid(_protector.Unprotect(Base64Url.DecodeFromChars(value)));
        }
        catch (Exception e)
            when (e is CryptographicException or FormatException or ArgumentException && !DatabaseOutage.Caused(e))
        {
            return null;
        }
    }

    public void Write(HttpContext http, Guid sessionId) =>
        http.Response.Cookies.Append(
            Name(http.Request),
            Base64Url.EncodeToString(_protector.Protect(sessionId.ToByteArray())),
            Options(http.Request)
        );

    public static void Remove(HttpContext http) =>
        http.Response.Cookies.Delete(Name(http.Request), Options(http.Request));

    public static string Name(HttpRequest request) => request.IsHttps ? "__Host-session" : "session";

    private static CookieOptions Options(HttpRequest request) =>
        new()
        {
            HttpOnly = true,
            IsEssential = true,
            Path = "/",
            SameSite = SameSiteMode.Lax,
            Secure = request.IsHttps,
        };
}
