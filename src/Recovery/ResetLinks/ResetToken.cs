using System.Buffers.Text;
using System.Security.Cryptography;

namespace Recovery.ResetLinks;

/// <summary>The secret in a link: 32 random bytes, of which only the SHA-256 is kept.</summary>
internal static class ResetToken
{
    private const int Bytes = 32;

    /// <summary>Base64url of <see cref="Bytes"/> bytes.</summary>
    private const int Characters = 43;

    /// <returns>The token as it stands in the link, and what is kept of it.</returns>
    public static (string Text, byte[] Hash) New()
    {
        var bytes = RandomNumberGenerator.GetBytes(Bytes);
        return (Base64Url.EncodeToString(bytes), SHA256.HashData(bytes));
    }

    /// <param name="text">As it came. What a mail program has put after it (a full stop, a bracket) is ignored.</param>
    /// <returns>What is kept of the token, or null when this is none.</returns>
    public static byte[]? HashOf(string? text)
    {
        var trimmed = text?.Trim().TrimEnd('.', ',', ';', ':', ')', ']', '>', '"', '\'');
        if (trimmed is not { Length: Characters })
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Bytes];
        return Base64Url.TryDecodeFromChars(trimmed, bytes, out var written) && written == Bytes ? SHA256.HashData(bytes) : null;
    }
}
