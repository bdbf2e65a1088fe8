using AuthServer.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using TestSupport;
using PasswordOptions = AuthServer.Passwords.PasswordOptions;

namespace UnitTests.AuthServer.Passwords;

public sealed class HashTimesTests
{
    [Theory]
    [InlineData(1_000, 1.25)]
    [InlineData(5_000, 1.25)]
    [InlineData(20_000, 5)] // 5,000 iterations are timed, and the time multiplied
    public void The_slowest_is_the_slower_of_Argon2id_and_PBKDF2_and_a_quarter(int iterations, double milliseconds)
    {
        Assert.Equal(milliseconds, Times(iterations).Slowest.TotalMilliseconds);
    }

    [Fact]
    public void A_stored_hash_with_more_iterations_counts_from_when_it_is_seen()
    {
        var times = Times(iterations: 1_000);

        times.Include(Hash(iterations: 4_000));
        times.Include(Hash(iterations: 2_000));
        times.Include("$argon2id$v=19$m=64,t=1,p=1$c2l4dGVlbiBieXRlcyBvaw$w9lxLqyt1TamPfEyCnSkhOE3HJf/N9UdsCmv2lDDiUw");

        Assert.Equal(5, times.Slowest.TotalMilliseconds);
    }

    private static HashTimes Times(int iterations) =>
        new(
            Options.Create(
                new PasswordOptions
                {
                    MemoryKiB = 64,
                    Passes = 1,
                    Iterations = iterations,
                }
            ),
            new TickingClock(TimeSpan.FromMilliseconds(1))
        );

    private static string Hash(int iterations) =>
        new PasswordHasher<object>(
            Options.Create(new PasswordHasherOptions { IterationCount = iterations })
        ).HashPassword(new object(), "anything");
}
