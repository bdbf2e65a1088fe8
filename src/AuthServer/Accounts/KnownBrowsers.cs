using System.Buffers.Text;
using System.Security.Cryptography;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Accounts;

/// <summary>
/// Remembers, in a sealed cookie, which accounts have logged in from this browser. Such a browser's wrong guesses are
/// counted for itself, so that a stranger's never lock the owner out. It is no proof of who is there and saves nobody
/// the password.
/// </summary>
internal sealed class KnownBrowsers(IDataProtectionProvider protection)
{
    /// <summary>From the last log-in on.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>People who share a computer on a ward; the one who logged in longest ago is forgotten.</summary>
    private const int MostAccounts = 16;

    private const int IdLength = 16;

    private readonly IDataProtector _protector = protection.CreateProtector("AuthServer.KnownBrowser.v1");

    /// <returns>The browser's own id, when this account has logged in from it; otherwise null.</returns>
    public Guid? Find(HttpRequest request, Guid accountId) =>
        Read(request) is { } known && known.Accounts.Contains(accountId) ? known.Browser : null;

    /// <summary>The account has just logged in from this browser.</summary>
    public void Remember(HttpContext http, Guid accountId)
    {
        var known = Read(http.Request) ?? new Known(new Guid(RandomNumberGenerator.GetBytes(IdLength)), []);
        Guid[] accounts = [accountId, .. known.Accounts.Where(id => id != accountId).Take(MostAccounts - 1)];
        byte[] plain = [.. known.Browser.ToByteArray(), .. accounts.SelectMany(id => id.ToByteArray())];
        http.Response.Cookies.Append(
            Name(http.Request),
            Base64Url.EncodeToString(_protector.Protect(plain)),
            LongLivedCookie.Options(http.Request, Lifetime)
        );
    }

    private Known? Read(HttpRequest request)
    {
        if (request.Cookies[Name(request)] is not { Length: > 0 and < 2048 } value)
        {
            return null;
        }

        try
        {
            var ids = _protector
                .Unprotect(Base64Url.DecodeFromChars(value))
                .Chunk(IdLength)
                .Select(bytes => new Guid(bytes))
                .ToList();
            return new Known(ids[0], ids[1..]);
        }
        catch (Exception e)
            when (e is CryptographicException or FormatException or ArgumentException && !DatabaseOutage.Caused(e))
        {
            return null;
        }
    }

    public static string Name(HttpRequest request) => LongLivedCookie.Name(request, "known-browser");

    private sealed record Known(Guid Browser, IReadOnlyList<Guid> Accounts);
}
