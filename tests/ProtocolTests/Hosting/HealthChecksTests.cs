using System.Net;
using Microsoft.EntityFrameworkCore;
using TestSupport;

namespace ProtocolTests.Hosting;

public sealed class HealthChecksTests(AuthServerFixture server) : IClassFixture<AuthServerFixture>
{
    [Fact]
    public async Task A_server_that_runs_is_live_and_ready()
    {
        using var browser = server.NewBrowser();

        var live = await browser.GetAsync("/health/live");
        var ready = await browser.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, live.Status);
        Assert.Equal("Healthy", ready.Ok().Json.GetProperty("checks").GetProperty("database").GetString());
        Assert.Equal("Healthy", ready.Json.GetProperty("checks").GetProperty("keys").GetString());
    }

    [Fact]
    public async Task On_a_schema_that_is_not_current_it_is_live_and_not_ready()
    {
        await using var outdated = await AuthServerFixture.StartAsync();
        await outdated.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("DELETE FROM __EFMigrationsHistory"));
        using var browser = outdated.NewBrowser();

        var live = await browser.GetAsync("/health/live");
        var ready = await browser.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, live.Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Equal("Unhealthy", ready.Json.GetProperty("checks").GetProperty("database").GetString());
    }
}
