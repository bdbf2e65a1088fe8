using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

/// <summary>
/// Makes password hashes by <c>Passwords:Algorithm</c>, and verifies those of every kind that the database may hold.
/// Slow by nature; during a request it is called on <see cref="PasswordHashQueue"/> only.
/// </summary>
internal sealed class PasswordHashes
{
    // Identity's hasher takes a user and looks at nothing of it.
    private static readonly object Unnamed = new();

    private readonly PasswordOptions _options;
    private readonly PasswordHasher<object> _pbkdf2;
    private readonly Lazy<string> _standIn;
    private readonly Counter<long> _hashes;

    public PasswordHashes(IOptions<PasswordOptions> options, IMeterFactory meters)
    {
        _options = options.Value;
        _pbkdf2 = new PasswordHasher<object>(
            Options.Create(new PasswordHasherOptions { IterationCount = _options.Iterations })
        );
        _standIn = new Lazy<string>(() => Make(Guid.NewGuid().ToString()));
        _hashes = meters.Create("AuthServer").CreateCounter<long>("auth.hashes", "{hash}", "Password hashes computed.");
    }

    /// <param name="normalized">The password by the rules of the present scheme.</param>
    public string Hash(string normalized)
    {
        _hashes.Add(1);
        return Make(normalized);
    }

    /// <summary>Checks one form of a password.</summary>
    /// <returns>
    /// <see cref="PasswordVerificationResult.SuccessRehashNeeded"/> when it is right, and the hash is of another kind
    /// than new ones.
    /// </returns>
    public PasswordVerificationResult Verify(string hash, string form)
    {
        _hashes.Add(1);
        var isArgon2id = _options.Algorithm == PasswordAlgorithm.Argon2id;
        if (Argon2idHash.Read(hash) is not { } argon2id)
        {
            var result = _pbkdf2.VerifyHashedPassword(Unnamed, hash, form);
            return result == PasswordVerificationResult.Success && isArgon2id
                ? PasswordVerificationResult.SuccessRehashNeeded
                : result;
        }

        if (!argon2id.Matches(form))
        {
            return PasswordVerificationResult.Failed;
        }

        return isArgon2id && (argon2id.MemoryKiB, argon2id.Passes) == (_options.MemoryKiB, _options.Passes)
            ? PasswordVerificationResult.Success
            : PasswordVerificationResult.SuccessRehashNeeded;
    }

    /// <summary>
    /// The work of checking a hash of the present kind, for an account that has none to check (docs/adr/0002).
    /// </summary>
    public void VerifyStandIn(string form) => _ = Verify(_standIn.Value, form);

    private string Make(string normalized) =>
        _options.Algorithm == PasswordAlgorithm.Argon2id
            ? Argon2idHash.Of(normalized, _options.MemoryKiB, _options.Passes).ToString()
            : _pbkdf2.HashPassword(Unnamed, normalized);
}
