using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Recovery;

/// <summary>The secret of a mailed link: 32 random bytes, written in base64url. Only their SHA-256 is stored.</summary>
internal static class LinkSecret
{
    private const int Bytes = 32;

    /// <returns>The secret as it stands in the link, and the hash to store.</returns>
    public static (string Text, byte[] Hash) New()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(bytes);
        return (Base64Url.EncodeToString(bytes), SHA256.HashData(bytes));
    }

    /// <param name="text">As received, whatever became of it on its way.</param>
    /// <returns>The hash to look for in the database, or null when the text cannot be a secret.</returns>
    public static byte[]? HashOf(string? text)
    {
        if (text?.Length != Base64Url.GetEncodedLength(Bytes))
        {
            return null;
        }

        // Not Base64Url.TryDecodeFromChars: it throws on characters that are not base64url, and on spare bits in the
        // last one.
        Span<byte> bytes = stackalloc byte[Bytes];
        return
            Base64Url.DecodeFromChars(text, bytes, out var read, out var written) == OperationStatus.Done
            && (read, written) == (text.Length, Bytes)
            && Base64Url.EncodeToString(bytes) == text // one spelling only: the last character has two spare bits
            ? SHA256.HashData(bytes)
            : null;
    }
}
