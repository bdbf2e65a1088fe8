using System.Net;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace TestSupport.StorageContract;

/// <summary>A node is ready only when people can log in on it.</summary>
public abstract class HealthContract : StorageContract
{
    [Fact]
    public async Task A_database_that_can_be_read_and_not_written_is_not_ready_until_it_can()
    {
        using var browser = Server.NewBrowser();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/ready")).Status);

        await using (await MakeUnwritableAsync(Server))
        {
            Server.Clock.Advance(TimeSpan.FromSeconds(1));
            var ready = await browser.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
            Assert.Equal("Unhealthy", ready.Json.GetProperty("checks").GetProperty("database").GetString());
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/live")).Status);
        }

        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task Being_asked_leaves_nothing_behind_in_the_database()
    {
        using var browser = Server.NewBrowser();

        await browser.GetAsync("/health/ready");

        Assert.Equal(0, await Server.InDatabaseAsync(db => db.LogInThrottles.CountAsync()));
    }

    [Fact]
    public async Task Many_who_ask_within_a_second_get_one_answer()
    {
        using var browser = Server.NewBrowser();
        await browser.GetAsync("/health/ready");

        await using (await MakeUnwritableAsync(Server))
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.GetAsync("/health/ready")));

            // As it was found at this second.
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        }
    }

    [Fact]
    public async Task What_is_written_on_trial_is_taken_back()
    {
        await Server.Services.GetRequiredService<HotSql>().TryWriteAsync(CancellationToken.None);

        Assert.Equal(0, await Server.InDatabaseAsync(db => db.LogInThrottles.CountAsync()));
    }

    /// <returns>What makes it writable again when it is disposed of.</returns>
    protected abstract Task<IAsyncDisposable> MakeUnwritableAsync(AuthServerFixture server);
}
