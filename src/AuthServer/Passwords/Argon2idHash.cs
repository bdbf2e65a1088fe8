using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NSec.Cryptography;

namespace AuthServer.Passwords;

/// <summary>
/// An Argon2id hash (RFC 9106) as a PHC string: <c>$argon2id$v=19$m=19456,t=2,p=1$salt$key</c>, the last two in base64
/// without padding.
/// </summary>
/// <param name="MemoryKiB">Memory in KiB (m).</param>
/// <param name="Passes">Passes over the memory (t). There is always one lane (p): libsodium computes no more.</param>
internal sealed partial record Argon2idHash(int MemoryKiB, int Passes, byte[] Salt, byte[] Key)
{
    /// <summary>A stored hash that claims more would let one login take the machine's memory.</summary>
    public const int MostMemoryKiB = 1_048_576;

    public const int MostPasses = 100;

    private const int SaltLength = 16;
    private const int KeyLength = 32;

    public static Argon2idHash Of(string password, int memoryKiB, int passes)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new Argon2idHash(memoryKiB, passes, salt, Derive(password, salt, memoryKiB, passes));
    }

    /// <returns>Null when <paramref name="text"/> is no such string, or asks for more than we compute.</returns>
    public static Argon2idHash? Read(string text)
    {
        var match = Phc().Match(text);
        return
            match.Success
            && int.Parse(match.Groups["m"].ValueSpan, CultureInfo.InvariantCulture)
                is >= 8
                    and <= MostMemoryKiB
                    and var m
            && int.Parse(match.Groups["t"].ValueSpan, CultureInfo.InvariantCulture) is >= 1 and <= MostPasses and var t
            && Decode(match.Groups["salt"].Value, SaltLength) is { } salt
            && Decode(match.Groups["key"].Value, KeyLength) is { } key
            ? new Argon2idHash(m, t, salt, key)
            : null;
    }

    /// <summary>Computes the key again. Slow, and takes <see cref="MemoryKiB"/> while it runs.</summary>
    public bool Matches(string password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, Salt, MemoryKiB, Passes), Key);

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"$argon2id$v=19$m={MemoryKiB},t={Passes},p=1${Encode(Salt)}${Encode(Key)}"
        );

    private static byte[] Derive(string password, byte[] salt, int memoryKiB, int passes)
    {
        var parameters = new Argon2Parameters
        {
            DegreeOfParallelism = 1,
            MemorySize = memoryKiB,
            NumberOfPasses = passes,
        };
        return PasswordBasedKeyDerivationAlgorithm
            .Argon2id(parameters)
            .DeriveBytes(Encoding.UTF8.GetBytes(password), salt, KeyLength);
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[]? Decode(string text, int length)
    {
        var bytes = new byte[length];
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out var written) && written == length ? bytes : null;
    }

    [GeneratedRegex(
        @"\A\$argon2id\$v=19\$m=(?<m>[0-9]{1,7}),t=(?<t>[0-9]{1,3}),p=1\$(?<salt>[A-Za-z0-9+/]{22})\$(?<key>[A-Za-z0-9+/]{43})\z"
    )]
    private static partial Regex Phc();
}
