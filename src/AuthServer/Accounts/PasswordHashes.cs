using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>
/// Makes and checks password hashes: ASP.NET Core Identity's, at <c>Passwords:Iterations</c>. Slow by nature; during a
/// request it is called on <see cref="HashingLane"/> only.
/// </summary>
internal sealed class PasswordHashes
{
    // Identity's hasher takes a user and looks at nothing of it.
    private static readonly Account Unnamed = new()
    {
        Id = Guid.Empty,
        Username = "",
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    private readonly PasswordHasher<Account> _hasher;
    private readonly int _iterations;
    private readonly string _nobodys;
    private readonly Counter<long> _hashes;

    public PasswordHashes(IOptions<PasswordOptions> options, IMeterFactory meters)
    {
        _iterations = options.Value.Iterations;
        _hasher = new PasswordHasher<Account>(
            Options.Create(new PasswordHasherOptions { IterationCount = _iterations })
        );
        _nobodys = Nobodys(_iterations);
        _hashes = meters.Create("AuthServer").CreateCounter<long>("auth.hashes", "{hash}", "Password hashes computed.");
    }

    /// <param name="normalized">What <see cref="TypedPassword.Normalize"/> made of it.</param>
    public string Hash(string normalized)
    {
        _hashes.Add(1);
        return _hasher.HashPassword(Unnamed, normalized);
    }

    /// <summary>
    /// Checks one form of a password, at the cost of one hash of ours whatever <paramref name="hash"/> was made with.
    /// </summary>
    /// <returns>
    /// <see cref="PasswordVerificationResult.SuccessRehashNeeded"/> when it is right, and the hash older than our
    /// settings.
    /// </returns>
    public PasswordVerificationResult Verify(string hash, string form)
    {
        _hashes.Add(1);
        var result = _hasher.VerifyHashedPassword(Unnamed, hash, form);
        if (
            result == PasswordVerificationResult.Failed
            && PasswordHashFormat.Read(hash) is { } format
            && format.Iterations < _iterations
        )
        {
            // An old, cheap hash would answer sooner than an unknown account does, and so give the account away.
            Burn(form, _iterations - format.Iterations);
        }

        return result;
    }

    /// <summary>The same work for nobody: unknown, disabled and password-less accounts cost what others do.</summary>
    public void VerifyNobody(string form)
    {
        _hashes.Add(1);
        _ = _hasher.VerifyHashedPassword(Unnamed, _nobodys, form);
    }

    private static void Burn(string form, int iterations)
    {
        Span<byte> salt = stackalloc byte[16];
        Span<byte> key = stackalloc byte[32];
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(form), salt, key, iterations, HashAlgorithmName.SHA512);
    }

    // Random bytes in the format of version 3: a hash that costs what ours do, and that no password has.
    private static string Nobodys(int iterations)
    {
        var bytes = RandomNumberGenerator.GetBytes(13 + 16 + 32);
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), 2);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), (uint)iterations);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), 16);
        return Convert.ToBase64String(bytes);
    }
}
