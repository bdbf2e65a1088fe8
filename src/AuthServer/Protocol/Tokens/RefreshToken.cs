using System.Buffers.Text;
using System.Security.Cryptography;

namespace AuthServer.Protocol.Tokens;

/// <summary>
/// An opaque refresh token: the grant's id, so that its row is found by its key, and 32 random bytes. The row keeps only the
/// SHA-256 of the whole.
/// </summary>
internal sealed record RefreshToken(string Text, Guid GrantId, byte[] Hash)
{
    private const int IdBytes = 16;
    private const int RandomBytes = 32;

    public static RefreshToken New(Guid grantId)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + RandomBytes];
        grantId.TryWriteBytes(bytes);
        RandomNumberGenerator.Fill(bytes[IdBytes..]);
        return new RefreshToken(Base64Url.EncodeToString(bytes), grantId, SHA256.HashData(bytes));
    }

    /// <returns>The token, or null when the text is not shaped like one.</returns>
    public static RefreshToken? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + RandomBytes];
        return text.Length == Base64Url.GetEncodedLength(bytes.Length)
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var written)
            && written == bytes.Length
            ? new RefreshToken(text, new Guid(bytes[..IdBytes]), SHA256.HashData(bytes))
            : null;
    }
}
