using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Accounts;

/// <summary>
/// Lets the help page say which of its points matter to this visitor: the hints of the last failed log-in, for a few
/// minutes, in a sealed cookie that only the help pages are sent. Never in an address, where a log or the next person
/// could read that a password begins with a capital. It is written after every failed log-in, with hints or without,
/// and its length is always the same.
/// </summary>
internal sealed class RecentHints(IDataProtectionProvider protection, TimeProvider clock)
{
    private const string Path = "/help";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private static readonly LogInHint[] Known = Enum.GetValues<LogInHint>();

    private readonly IDataProtector _protector = protection.CreateProtector("AuthServer.RecentHints.v1");

    public void Write(HttpContext http, IReadOnlyList<LogInHint> hints)
    {
        var plain = new byte[sizeof(long) + sizeof(uint)];
        BinaryPrimitives.WriteInt64BigEndian(plain, (clock.GetUtcNow() + Lifetime).UtcTicks);
        BinaryPrimitives.WriteUInt32BigEndian(
            plain.AsSpan(sizeof(long)),
            hints.Aggregate(0u, (bits, hint) => bits | (1u << (int)hint))
        );
        http.Response.Cookies.Append(
            Name(http.Request),
            Base64Url.EncodeToString(_protector.Protect(plain)),
            Options(http.Request, Lifetime)
        );
    }

    /// <returns>What the last failed log-in suggested; empty when there was none, or too long ago.</returns>
    public IReadOnlyList<LogInHint> Read(HttpRequest request)
    {
        if (request.Cookies[Name(request)] is not { Length: > 0 and < 1024 } value)
        {
            return [];
        }

        try
        {
            var plain = _protector.Unprotect(Base64Url.DecodeFromChars(value));
            return
                BinaryPrimitives.ReadInt64BigEndian(plain) > clock.GetUtcNow().UtcTicks
                && BinaryPrimitives.ReadUInt32BigEndian(plain.AsSpan(sizeof(long))) is var bits
                ? [.. Known.Where(hint => (bits & (1u << (int)hint)) != 0)]
                : [];
        }
        catch (Exception e)
            when (e is CryptographicException or FormatException or ArgumentException && !DatabaseOutage.Caused(e))
        {
            return [];
        }
    }

    /// <summary>The log-in worked: nobody needs them any more.</summary>
    public static void Clear(HttpContext http) =>
        http.Response.Cookies.Delete(Name(http.Request), Options(http.Request, TimeSpan.Zero));

    // __Host- would ask for the path "/".
    public static string Name(HttpRequest request) => request.IsHttps ? "__Secure-log-in-hints" : "log-in-hints";

    private static CookieOptions Options(HttpRequest request, TimeSpan lifetime) =>
        new()
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = lifetime,
            Path = Path,
            SameSite = SameSiteMode.Lax,
            Secure = request.IsHttps,
        };
}
