using Microsoft.EntityFrameworkCore;
using Recovery.Cases;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>
/// The waiting time of a case over restarts: a clock that was wrong releases nothing early, and a server that was off
/// keeps nobody waiting for much longer.
/// </summary>
public abstract class CaseWaitContract : StorageContract
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly FixedClock _clock = new();

    [Fact]
    public async Task A_clock_that_was_put_forward_releases_nothing_after_a_restart()
    {
        await using (var before = await StartAsync())
        {
            await ApproveAsync(before);
            await PassAsync(before, TimeSpan.FromHours(2));
            _clock.Jump(Day);
            await before.ReleaseDueAsync();
        }

        await using var after = await StartAsync();
        await after.ReleaseDueAsync();
        await PassAsync(after, TimeSpan.FromHours(21.5));
        Assert.Equal(CaseState.Approved, await StateAsync());

        await PassAsync(after, TimeSpan.FromHours(0.5));
        Assert.Equal(CaseState.Released, await StateAsync());
    }

    [Fact]
    public async Task A_clock_that_was_put_forward_while_no_server_ran_and_is_put_right_within_the_hour_releases_nothing()
    {
        await using (var before = await StartAsync())
        {
            await ApproveAsync(before);
            await PassAsync(before, TimeSpan.FromHours(2));
        }

        _clock.Jump(Day);
        await using var after = await StartAsync();
        await after.ReleaseDueAsync();
        await PassAsync(after, TimeSpan.FromMinutes(45));
        Assert.Equal(CaseState.Approved, await StateAsync());
        _clock.Jump(-Day);
        await PassAsync(after, TimeSpan.FromHours(21));
        Assert.Equal(CaseState.Approved, await StateAsync());

        await PassAsync(after, TimeSpan.FromHours(1));
        Assert.Equal(CaseState.Released, await StateAsync());
    }

    [Fact]
    public async Task A_night_without_a_server_counts_once_one_has_run_for_an_hour()
    {
        await using (var before = await StartAsync())
        {
            await ApproveAsync(before);
            await PassAsync(before, TimeSpan.FromHours(6));
        }

        _clock.Advance(TimeSpan.FromHours(18));
        await using var after = await StartAsync();
        await after.ReleaseDueAsync();
        await PassAsync(after, TimeSpan.FromMinutes(55));
        Assert.Equal(CaseState.Approved, await StateAsync());

        await PassAsync(after, TimeSpan.FromMinutes(5));
        Assert.Equal(CaseState.Released, await StateAsync());
    }

    [Fact]
    public async Task A_restart_of_minutes_delays_nothing()
    {
        await using (var before = await StartAsync())
        {
            await ApproveAsync(before);
            await PassAsync(before, TimeSpan.FromHours(23.9));
        }

        _clock.Advance(TimeSpan.FromHours(0.1));
        await using var after = await StartAsync();
        await after.ReleaseDueAsync();

        Assert.Equal(CaseState.Released, await StateAsync());
    }

    [Fact]
    public async Task Two_servers_that_look_by_turns_count_no_time_twice()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        await ApproveAsync(one);
        for (var i = 0; i < 23; i++)
        {
            await PassAsync(i % 2 == 0 ? one : other, TimeSpan.FromHours(1));
        }

        await other.ReleaseDueAsync();
        await one.ReleaseDueAsync();
        Assert.Equal(CaseState.Approved, await StateAsync());

        await PassAsync(other, TimeSpan.FromHours(1));
        await one.ReleaseDueAsync();
        Assert.Equal(CaseState.Released, await StateAsync());
    }

    private Task<AuthServerFixture> StartAsync() => AuthServerFixture.StartAsync(_clock, Server.Database);

    private static async Task ApproveAsync(AuthServerFixture server)
    {
        var (person, _) = await server.ApprovedCaseAsync();
        person.Dispose();
    }

    /// <summary>Time passes, and the job looks every few minutes.</summary>
    private async Task PassAsync(AuthServerFixture server, TimeSpan time)
    {
        var step = TimeSpan.FromMinutes(5);
        for (; time > TimeSpan.Zero; time -= step)
        {
            _clock.Advance(time < step ? time : step);
            await server.ReleaseDueAsync();
        }
    }

    private Task<CaseState> StateAsync() =>
        Server.InDatabaseAsync(db => db.SupportCases.Select(c => c.State).SingleAsync());
}
