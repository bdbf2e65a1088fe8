using System.Net;
using System.Text;

namespace AuthServer.Clients;

/// <summary>A client's id and secret from an Authorization header (RFC 7617 §2, RFC 6749 §2.3.1).</summary>
/// <param name="ClientId">Form-decoded.</param>
/// <param name="Secret">Form-decoded.</param>
/// <param name="SecretAsSent">As it came, for the many clients that forget to form-encode it.</param>
internal sealed record BasicCredentials(string ClientId, string Secret, string SecretAsSent)
{
    private const string Scheme = "Basic";

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <returns>The credentials, or null when the header is of another scheme or no Basic credentials.</returns>
    public static BasicCredentials? Read(string authorizationHeader)
    {
        if (
            authorizationHeader.Length <= Scheme.Length
            || authorizationHeader[Scheme.Length] != ' '
            || !authorizationHeader.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || Decode(authorizationHeader.AsSpan(Scheme.Length + 1).Trim(' ')) is not { } pair
            || pair.Split(':', 2) is not [var id, var secret]
        )
        {
            return null;
        }

        return new BasicCredentials(WebUtility.UrlDecode(id), WebUtility.UrlDecode(secret), secret);
    }

    private static string? Decode(ReadOnlySpan<char> base64)
    {
        var bytes = new byte[(base64.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64Chars(base64, bytes, out var length))
        {
            return null;
        }

        try
        {
            return StrictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
