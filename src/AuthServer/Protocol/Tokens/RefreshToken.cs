using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Protocol.Tokens;

/// <summary>
/// An opaque refresh token: the grant's id, so that its row is found by its key; 16 random bytes that every token of
/// the grant carries, and which in the row of them it is, so that one from long ago is told from a guess; and 32 bytes
/// of its own, random in the first and derived from the one before in every other. The database keeps only SHA-256
/// hashes.
/// </summary>
/// <param name="Text">The whole, as the app gets it.</param>
/// <param name="GrantId">Whose it is.</param>
/// <param name="FamilyHash">SHA-256 of the id and the bytes that all tokens of the grant share.</param>
/// <param name="Generation">0 for the first of a grant, one more with each replacement.</param>
/// <param name="Hash">SHA-256 of the whole.</param>
internal sealed record RefreshToken(string Text, Guid GrantId, byte[] FamilyHash, int Generation, byte[] Hash)
{
    private const int IdBytes = 16;
    private const int FamilyEnd = IdBytes + 16;
    private const int GenerationEnd = FamilyEnd + sizeof(int);
    private const int AllBytes = GenerationEnd + 32;

    /// <summary>The first token of a grant.</summary>
    public static RefreshToken New(Guid grantId)
    {
        Span<byte> bytes = stackalloc byte[AllBytes];
        grantId.TryWriteBytes(bytes);
        RandomNumberGenerator.Fill(bytes[IdBytes..FamilyEnd]);
        RandomNumberGenerator.Fill(bytes[GenerationEnd..]);
        return Of(bytes);
    }

    /// <returns>The token, or null when the text is not shaped like one.</returns>
    public static RefreshToken? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[AllBytes];
        return
            text.Length == Base64Url.GetEncodedLength(bytes.Length)
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var written)
            && written == bytes.Length
            ? Of(bytes)
            : null;
    }

    /// <summary>
    /// The token that takes this one's place: always the same for the same secret, so that two tabs, or an app that
    /// lost the answer, get one successor and not two, and nothing more has to be stored.
    /// </summary>
    /// <param name="secret">Known to this server alone.</param>
    public RefreshToken Next(ReadOnlySpan<byte> secret)
    {
        Span<byte> bytes = stackalloc byte[AllBytes];
        Base64Url.DecodeFromChars(Text, bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[FamilyEnd..GenerationEnd], unchecked(Generation + 1));
        HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(Text), bytes[GenerationEnd..]);
        return Of(bytes);
    }

    private static RefreshToken Of(ReadOnlySpan<byte> bytes) =>
        new(
            Base64Url.EncodeToString(bytes),
            new Guid(bytes[..IdBytes]),
            SHA256.HashData(bytes[..FamilyEnd]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[FamilyEnd..GenerationEnd]),
            SHA256.HashData(bytes)
        );
}
