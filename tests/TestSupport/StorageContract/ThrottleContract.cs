using AuthServer.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>Guessing gets slower, then stops; and it cannot be sped up by guessing in parallel.</summary>
[Trait("spec", "NIST SP 800-63B-4 3.2.2")]
public abstract class ThrottleContract : StorageContract
{
    private const string Key = "unknown:test";

    [Fact]
    public async Task Five_failures_are_free_and_then_the_delay_doubles_to_a_quarter_of_an_hour()
    {
        var delays = new List<double>();
        for (var failure = 1; failure <= 18; failure++)
        {
            Assert.Equal(failure, (await CountedAsync()).Failures);
            var row = await Server.InDatabaseAsync(db => db.LogInThrottles.AsNoTracking().SingleAsync());
            delays.Add(((row.BlockedUntil ?? Server.Now) - Server.Now).TotalSeconds);
            Server.Clock.Advance(TimeSpan.FromSeconds(delays[^1]));
        }

        Assert.Equal([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900], delays);
    }

    [Fact]
    public async Task After_a_hundred_failures_only_recovery_helps()
    {
        await FailAsync(100);
        Server.Clock.Advance(TimeSpan.FromDays(400));

        var attempt = await CountAsync();

        Assert.Equal(new Attempt.Blocked(null), attempt);
    }

    [Fact]
    public async Task Success_makes_the_next_failure_the_first_again()
    {
        await FailAsync(9);

        await Server.InScopeAsync(async services =>
        {
            await services.GetRequiredService<Throttle>().ResetAsync(Key, CancellationToken.None);
            return true;
        });

        Assert.Equal(1, (await CountedAsync()).Failures);
    }

    [Fact]
    public async Task Of_many_parallel_guesses_no_more_are_looked_at_than_of_as_many_in_a_row()
    {
        var attempts = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => Task.Run(() => CountAsync())));

        Assert.Equal(
            [1, 2, 3, 4, 5, 6],
            attempts.OfType<Attempt.Counted>().Select(counted => counted.Failures).Order()
        );
        Assert.All(
            attempts.OfType<Attempt.Blocked>(),
            blocked => Assert.Equal(TimeSpan.FromSeconds(1), blocked.RetryAfter)
        );
    }

    [Fact]
    public async Task Lifting_it_from_an_account_reaches_every_browser_and_nobody_else()
    {
        var (account, other) = (Guid.NewGuid(), Guid.NewGuid());
        string[] lifted = [Throttle.AccountKey(account), Throttle.BrowserKey(account, Guid.NewGuid())];
        string[] kept = [Throttle.AccountKey(other), Throttle.UnknownKey("somebody")];
        foreach (var key in lifted.Concat(kept))
        {
            await CountAsync(key);
        }

        var count = await Server.InScopeAsync(services =>
            services.GetRequiredService<Throttle>().LiftAsync(account, CancellationToken.None)
        );

        Assert.Equal(2, count);
        Assert.Equal(1, (await CountedAsync(lifted[0])).Failures);
        Assert.Equal(1, (await CountedAsync(lifted[1])).Failures);
        Assert.Equal(2, (await CountedAsync(kept[0])).Failures);
        Assert.Equal(2, (await CountedAsync(kept[1])).Failures);
    }

    [Fact]
    public async Task A_failure_that_was_counted_before_the_count_began_again_takes_nothing_from_it()
    {
        var slow = await CountedAsync();
        await DoAsync(throttle => throttle.ResetAsync(Key, CancellationToken.None)); // another log-in worked meanwhile
        var next = await CountedAsync();

        await DoAsync(throttle => throttle.FailedAsync(Key, slow.Run, CancellationToken.None));
        await DoAsync(throttle => throttle.TakeBackAsync(Key, slow.Run, CancellationToken.None));
        var row = await RowAsync();
        await DoAsync(throttle => throttle.FailedAsync(Key, next.Run, CancellationToken.None));

        Assert.Equal((1, 1), (row.Failures, row.Pending));
        Assert.Equal(0, (await RowAsync()).Pending);
    }

    [Fact]
    public async Task A_wait_that_a_clock_which_ran_ahead_has_set_is_no_longer_than_the_delay()
    {
        Server.Clock.Jump(TimeSpan.FromDays(1));
        for (var failure = 1; failure <= 8; failure++)
        {
            await CountedAsync();
            Server.Clock.Advance(TimeSpan.FromSeconds(failure < 8 ? 4 : 0));
        }

        Server.Clock.Jump(TimeSpan.FromDays(-1));
        var early = Assert.IsType<Attempt.Blocked>(await CountAsync());
        var row = await RowAsync();
        Server.Clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(TimeSpan.FromSeconds(4), early.RetryAfter);
        Assert.Equal(Server.Now, row.BlockedUntil);
        Assert.Equal(9, (await CountedAsync()).Failures);
    }

    private async Task<Attempt.Counted> CountedAsync(string key = Key) =>
        Assert.IsType<Attempt.Counted>(await CountAsync(key));

    private Task<LogInThrottle> RowAsync() =>
        Server.InDatabaseAsync(db => db.LogInThrottles.AsNoTracking().SingleAsync());

    private Task<bool> DoAsync(Func<Throttle, Task> act) =>
        Server.InScopeAsync(async services =>
        {
            await act(services.GetRequiredService<Throttle>());
            return true;
        });

    private async Task FailAsync(int times)
    {
        for (var failure = 0; failure < times; failure++)
        {
            Assert.IsType<Attempt.Counted>(await CountAsync());
            Server.Clock.Advance(TimeSpan.FromMinutes(15));
        }
    }

    private Task<Attempt> CountAsync(string key = Key) =>
        Server.InScopeAsync(services =>
            services.GetRequiredService<Throttle>().CountAsync(key, CancellationToken.None)
        );
}
