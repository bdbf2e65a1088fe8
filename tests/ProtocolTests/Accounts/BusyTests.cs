using AuthServer.Accounts;
using AuthServer.Passwords;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Accounts;

/// <summary>A storm of log-ins is told to come back, and nobody's guesses are counted for it.</summary>
public sealed class BusyTests
{
    [Fact]
    public async Task A_full_queue_answers_busy_and_counts_nothing()
    {
        await using var server = await AuthServerFixture.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["Limits:Hashing:AtOnce"] = "1",
                ["Limits:Hashing:Queue"] = "1",
                ["Limits:Hashing:RetryAfter"] = "00:00:07",
            }
        );
        var account = await server.Given.AccountAsync();
        var queue = server.Services.GetRequiredService<PasswordHashQueue>();
        using var one = queue.TryEnter();
        using var two = queue.TryEnter();

        var outcome = await new LogInAttempt(server).TryAsync(account.Username, account.Password);

        Assert.Equal(new LogInOutcome.Busy(TimeSpan.FromSeconds(7)), outcome);
        Assert.Equal(0, await server.InDatabaseAsync(db => db.LogInThrottles.CountAsync()));
        two?.Dispose();
        Assert.IsType<LogInOutcome.LoggedIn>(
            await new LogInAttempt(server).TryAsync(account.Username, account.Password)
        );
    }

    [Fact]
    public async Task Guessing_in_parallel_gets_no_more_guesses()
    {
        await using var server = await AuthServerFixture.StartAsync(new FixedClock());
        var account = await server.Given.AccountAsync();

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => Task.Run(() => new LogInAttempt(server).TryAsync(account.Username, $"guess number {i}")))
        );

        Assert.Equal(6, outcomes.Count(outcome => outcome is LogInOutcome.Refused));
        Assert.Equal(14, outcomes.Count(outcome => outcome is LogInOutcome.Throttled));
    }
}
