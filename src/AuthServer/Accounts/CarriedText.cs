using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using Microsoft.AspNetCore.DataProtection;

namespace AuthServer.Accounts;

/// <summary>
/// What a person has typed on one page and would have to type again on the next. It travels sealed in addresses and
/// hidden fields, as tickets do: two tabs do not disturb each other, and neither a log nor a browser's history shows
/// it.
/// </summary>
internal sealed class CarriedText(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>How long it can be opened.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>UTF-16 units; no username or address is longer.</summary>
    private const int Longest = 512;

    /// <summary>Fails at bytes that are no text instead of putting something in their place.</summary>
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly IDataProtector _protector = protection.CreateProtector("AuthServer.CarriedText.v1");

    /// <returns>URL-safe text; empty when the text is empty, too long, or has control characters.</returns>
    public string Seal(string? typed)
    {
        if (typed is null || !CanBeTyped(typed))
        {
            return "";
        }

        var text = Encoding.UTF8.GetBytes(typed);
        var plain = new byte[sizeof(long) + text.Length];
        BinaryPrimitives.WriteInt64BigEndian(plain, clock.GetUtcNow().UtcTicks);
        text.CopyTo(plain, sizeof(long));
        return Base64Url.EncodeToString(_protector.Protect(plain));
    }

    /// <returns>
    /// What was typed; null when it was not sealed here, or too long ago, or is nothing that would be sealed.
    /// </returns>
    public string? Open(string? sealedText)
    {
        if (sealedText is not { Length: > 0 and < 8 * Longest })
        {
            return null;
        }

        try
        {
            var plain = _protector.Unprotect(Base64Url.DecodeFromChars(sealedText));
            var age = clock.GetUtcNow().UtcTicks - BinaryPrimitives.ReadInt64BigEndian(plain);
            var typed = Utf8.GetString(plain.AsSpan(sizeof(long)));
            return Math.Abs(age) < Lifetime.Ticks && CanBeTyped(typed) ? typed : null;
        }
        catch (Exception e)
            when (e is CryptographicException or FormatException or ArgumentException && !DatabaseOutage.Caused(e))
        {
            return null;
        }
    }

    private static bool CanBeTyped(string text) => text.Length is > 0 and <= Longest && !text.Any(char.IsControl);
}
