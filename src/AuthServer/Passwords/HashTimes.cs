using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AuthServer.Passwords;

/// <summary>
/// How long the slowest kind of password hash takes on this machine: Argon2id as configured, or PBKDF2 with
/// <c>Passwords:Iterations</c>, or with more iterations once a hash with more was seen.
/// </summary>
internal sealed class HashTimes
{
    private const int Runs = 3;

    /// <summary>
    /// A few milliseconds, so that at least one run is not interrupted when the machine is busy; longer hashes are
    /// extrapolated.
    /// </summary>
    private const int MeasuredIterations = 5_000;

    /// <summary>A hash may take so much longer than its measured time and still be within <see cref="Slowest"/>.</summary>
    private const double Margin = 1.25;

    private readonly TimeProvider _clock;
    private readonly Lazy<(TimeSpan Argon2id, TimeSpan Iteration)> _measured;
    private int _mostIterations;

    /// <param name="options">What hashes are made with.</param>
    /// <param name="clock">The clock that hashes are timed with.</param>
    public HashTimes(IOptions<PasswordOptions> options, TimeProvider clock)
    {
        (_clock, _mostIterations) = (clock, options.Value.Iterations);
        var (memory, passes) = (options.Value.MemoryKiB, options.Value.Passes);
        var iterations = Math.Min(options.Value.Iterations, MeasuredIterations);
        _measured = new(() =>
            (
                Shortest(() => Argon2idHash.Of("a password", memory, passes)),
                Shortest(() => Pbkdf2(iterations)) / iterations
            )
        );
    }

    /// <summary>The time of one hash. The first call measures, which takes as long as a few hashes.</summary>
    public TimeSpan Slowest
    {
        get
        {
            var (argon2id, iteration) = _measured.Value;
            var pbkdf2 = iteration * Volatile.Read(ref _mostIterations);
            return (argon2id > pbkdf2 ? argon2id : pbkdf2) * Margin;
        }
    }

    /// <summary>From now on <see cref="Slowest"/> is at least the time of this stored hash.</summary>
    public void Include(string hash)
    {
        if (PasswordHashFormat.Read(hash) is not { Iterations: var iterations })
        {
            return;
        }

        for (var most = _mostIterations; iterations > most; most = _mostIterations)
        {
            Interlocked.CompareExchange(ref _mostIterations, iterations, most);
        }
    }

    private static void Pbkdf2(int iterations)
    {
        Span<byte> salt = stackalloc byte[16];
        Span<byte> key = stackalloc byte[32];
        Rfc2898DeriveBytes.Pbkdf2("a password"u8, salt, key, iterations, HashAlgorithmName.SHA512);
    }

    private TimeSpan Shortest(Action hash)
    {
        var shortest = TimeSpan.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            var begun = _clock.GetTimestamp();
            hash();
            var took = _clock.GetElapsedTime(begun);
            shortest = took < shortest ? took : shortest;
        }

        return shortest;
    }
}
