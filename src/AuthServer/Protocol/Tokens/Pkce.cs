using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Protocol.Tokens;

/// <summary>Proof Key for Code Exchange, S256 (RFC 7636).</summary>
internal static class Pkce
{
    /// <summary>RFC 7636 §4.2: base64url, without padding, of 32 bytes.</summary>
    public static bool IsChallenge(string challenge) =>
        challenge.Length == 43 && challenge.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>RFC 7636 §4.6.</summary>
    /// <param name="challenge">From the authorization request; null when it had none.</param>
    /// <param name="verifier">From the token request.</param>
    /// <returns>Null, or why the two do not belong together.</returns>
    public static string? Mismatch(string? challenge, string? verifier) =>
        (challenge, verifier) switch
        {
            (null, null) => null,

            // RFC 9700 §2.1.1: a verifier without a challenge is a sign of a downgrade.
            (null, _) => "code_verifier without code_challenge",
            (_, null) => "code_verifier missing",
            _ when !IsVerifier(verifier) => "code_verifier malformed",
            _ => Matches(challenge, verifier) ? null : "code_verifier does not match",
        };

    /// <summary>RFC 7636 §4.1: 43 to 128 unreserved characters.</summary>
    private static bool IsVerifier(string verifier) =>
        verifier.Length is >= 43 and <= 128
        && verifier.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');

    private static bool Matches(string challenge, string verifier)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(verifier), hash);
        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Base64Url.EncodeToString(hash)),
            Encoding.ASCII.GetBytes(challenge)
        );
    }
}
