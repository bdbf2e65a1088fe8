using AuthServer.Accounts;
using AuthServer.Data;
using AuthServer.Protocol.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace PostgresTests;

/// <summary>What only two transactions can show that do not see each other: on SQLite there is one at a time.</summary>
public sealed class SignOutRaceTests : IAsyncLifetime
{
    private TestDatabase? _database;
    private AuthServerFixture? _server;

    private AuthServerFixture Server => _server ?? throw new InvalidOperationException("The test has not started.");

    public async Task InitializeAsync()
    {
        _database = await PostgresTestDatabase.NewAsync();
        _server = await AuthServerFixture.StartAsync(new FixedClock(), _database);
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_code_redeemed_in_the_moment_of_a_password_reset_does_not_survive_it(bool offline)
    {
        var account = await Server.Given.AccountAsync();
        using var browser = await Server.Given.LoggedInAsync(account);
        var session = await Server.InDatabaseAsync(db => db.Sessions.AsNoTracking().SingleAsync());
        var grants = Server.Services.GetRequiredService<Grants>();
        var grant = new LiveGrant(
            Guid.NewGuid(),
            account.Id,
            Guid.NewGuid(),
            session.Sid,
            session.SecurityStamp,
            "openid",
            null,
            session.AuthenticatedAt,
            "pwd",
            Server.Now + TimeSpan.FromDays(1)
        );
        Server.Clock.Advance(TimeSpan.FromSeconds(1));

        var redeemed = await Server.InScopeAsync(async services =>
        {
            await using var reset = await services.GetRequiredService<AuthDbContext>().Database.BeginTransactionAsync();
            await services.GetRequiredService<DisableAccount>().EndEverythingAsync(account.Id, CancellationToken.None);
            var meanwhile = await grants.RedeemAsync(new NewGrant(grant, offline, null), CancellationToken.None);
            await reset.CommitAsync();
            return meanwhile;
        });

        Assert.True(redeemed);
        Assert.Null(await grants.FindAsync(grant.Id, CancellationToken.None));
        Assert.Null(await grants.FindWithAccountAsync(grant.Id, CancellationToken.None));
    }

    [Fact]
    public async Task A_session_begun_in_the_moment_of_a_password_reset_is_none()
    {
        var account = await Server.Given.AccountAsync();
        var provedAt = Server.Now;
        var stamp = await Server.InDatabaseAsync(db => db.Accounts.Select(a => a.SecurityStamp).SingleAsync());
        Server.Clock.Advance(TimeSpan.FromSeconds(1));

        var session = await Server.InScopeAsync(async services =>
        {
            await services.GetRequiredService<DisableAccount>().EndEverythingAsync(account.Id, CancellationToken.None);
            return await services
                .GetRequiredService<Sessions>()
                .StartAsync(
                    new Microsoft.AspNetCore.Http.DefaultHttpContext { RequestServices = services },
                    account.Id,
                    stamp,
                    "pwd",
                    provedAt,
                    CancellationToken.None
                );
        });

        Assert.Null(session);
    }
}
