using AuthServer.Accounts;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;
using TestSupport.StorageContract;

namespace PostgresTests;

/// <summary>
/// The clock of one of two servers is three hours behind the other's and the database's: it shortens nothing that the
/// other goes by.
/// </summary>
public sealed class ClocksApartTests : StorageContract
{
    private const string Email = "anna@example.org";

    private Forgotten Forgotten => new(Server);

    [Fact]
    public async Task A_link_that_a_server_behind_the_others_looked_at_works_for_its_hour()
    {
        await PersonAsync();
        var link = await Forgotten.LinkAsync(Email);
        await using var behind = await BehindAsync();
        using (var elsewhere = behind.NewBrowser())
        {
            Assert.Equal("Choose a new password", (await elsewhere.GetAsync(link)).Heading);
        }

        Server.Clock.Advance(TimeSpan.FromMinutes(59));
        using var browser = Server.NewBrowser();
        Assert.Equal("Choose a new password", (await browser.GetAsync(link)).Heading);
    }

    [Fact]
    public async Task A_session_that_a_server_behind_the_others_read_goes_on()
    {
        using var browser = await Server.Given.LoggedInAsync(await PersonAsync());
        var before = await SessionAsync();
        await using var behind = await BehindAsync();

        Assert.NotNull(
            await behind.Services.GetRequiredService<SessionReader>().FindAsync(before.Id, CancellationToken.None)
        );

        var after = await SessionAsync();
        Assert.Equal((before.LastSeenAt, before.ExpiresAt), (after.LastSeenAt, after.ExpiresAt));
        (await browser.GetAsync("/account")).Ok();
    }

    [Fact]
    public async Task A_wait_that_a_server_behind_the_others_was_asked_about_is_not_cut_short()
    {
        var person = await PersonAsync();
        for (var i = 0; i < 8; i++)
        {
            await new LogInAttempt(Server).TryAsync(person.Username, "a wrong password");
            Server.Clock.Advance(TimeSpan.FromSeconds(i < 7 ? 4 : 0));
        }

        var right = await new LogInAttempt(Server).TryAsync(person.Username, person.Password);
        await using var behind = await BehindAsync();
        var there = await new LogInAttempt(behind).TryAsync(person.Username, person.Password);
        var again = await new LogInAttempt(Server).TryAsync(person.Username, person.Password);

        var wait = Assert.IsType<LogInOutcome.Throttled>(right).RetryAfter;
        Assert.Equal(wait, Assert.IsType<LogInOutcome.Throttled>(there).RetryAfter);
        Assert.Equal(wait, Assert.IsType<LogInOutcome.Throttled>(again).RetryAfter);
    }

    [Fact]
    public async Task The_databases_clock_is_asked_of_the_database()
    {
        await using var server = await AuthServerFixture.StartAsync(database: Server.Database);

        var shown = await server.InDatabaseAsync(db => db.NowAsync(CancellationToken.None));

        Assert.IsType<PostgresClock>(server.Services.GetRequiredService<DatabaseClock>());
        Assert.InRange(shown - server.Now, TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1)); // the same machine
    }

    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();

    private Task<AuthServerFixture> BehindAsync() =>
        AuthServerFixture.StartAsync(
            new FixedClock("2026-01-31T06:00:00Z"),
            Server.Database,
            configure: builder => builder.Services.AddSingleton(new DatabaseClock(Server.Clock.Unset))
        );

    private Task<GivenAccount> PersonAsync() =>
        Server.Given.AccountAsync(more: account => (account.Email, account.EmailVerified) = (Email, true));

    private Task<Session> SessionAsync() => Server.InDatabaseAsync(db => db.Sessions.AsNoTracking().SingleAsync());
}
