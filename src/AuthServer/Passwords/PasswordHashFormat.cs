using System.Buffers.Binary;

namespace AuthServer.Passwords;

/// <summary>What a hash in ASP.NET Core Identity's format (base64) was made with.</summary>
/// <param name="Version">2: PBKDF2-HMAC-SHA1, 1,000 iterations. 3: the header tells.</param>
/// <param name="Iterations">PBKDF2 iterations.</param>
internal sealed record PasswordHashFormat(int Version, int Iterations)
{
    /// <summary>A hash that claims more would keep a thread of the queue busy for a minute.</summary>
    private const int MostIterations = 10_000_000;

    private const int Version2Length = 1 + 16 + 32;
    private const int Version3Header = 1 + 4 + 4 + 4;
    private const int ShortestPart = 16;

    /// <returns>Null when <paramref name="hash"/> is not in Identity's version 2 or 3 format.</returns>
    public static PasswordHashFormat? Read(string hash)
    {
        var bytes = new byte[hash.Length];
        if (!Convert.TryFromBase64String(hash, bytes, out var length))
        {
            return null;
        }

        return bytes.AsSpan(0, length) switch
        {
            { Length: Version2Length } version2 when version2[0] == 0 => new PasswordHashFormat(2, 1_000),
            { Length: > Version3Header } version3 when version3[0] == 1 => ReadVersion3(version3),
            _ => null,
        };
    }

    // 0x01, then as big-endian numbers: the pseudo-random function (0 SHA1, 1 SHA256, 2 SHA512), the iterations, the
    // salt's length.
    private static PasswordHashFormat? ReadVersion3(ReadOnlySpan<byte> bytes)
    {
        var function = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        var iterations = BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]);
        var salt = BinaryPrimitives.ReadUInt32BigEndian(bytes[9..]);
        return
            function <= 2
            && iterations is >= 1 and <= MostIterations
            && salt is >= ShortestPart and <= 1024
            && bytes.Length - Version3Header - salt is >= ShortestPart and <= 1024
            ? new PasswordHashFormat(3, (int)iterations)
            : null;
    }
}
