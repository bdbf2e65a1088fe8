using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Clients;

/// <summary>
/// One of a client's secrets: several at once, so that rotation can overlap. Only the SHA-256 is kept.
/// </summary>
public sealed class ClientSecret
{
    public required Guid Id { get; init; }

    /// <summary>The key of the client's application.</summary>
    public required Guid ApplicationId { get; init; }

    /// <summary>
    /// SHA-256 of the secret's UTF-8 bytes (32 bytes). Secrets are 256 random bits, so no slow hash is needed.
    /// </summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>
    /// A new secret: 256 random bits as base64url (43 characters). It is shown once and never stored.
    /// </summary>
    internal static string Draw() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The row that keeps <paramref name="secret"/>.</summary>
    internal static ClientSecret Of(Guid applicationId, string secret, DateTimeOffset now)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        HashOf(secret, hash);
        return new ClientSecret
        {
            Id = Guid.CreateVersion7(now),
            ApplicationId = applicationId,
            Hash = hash,
            CreatedAt = now,
        };
    }

    /// <param name="secret">As the client knows it.</param>
    /// <param name="hash">32 bytes to write to.</param>
    internal static void HashOf(string secret, Span<byte> hash)
    {
        // Secrets of ordinary length are hashed on the stack: this runs for every token.
        var size = Encoding.UTF8.GetMaxByteCount(secret.Length);
        var bytes = size <= 512 ? stackalloc byte[size] : new byte[size];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(secret, bytes)], hash);
    }
}
