using System.Net;
using AuthServer.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using TestSupport;

namespace ProtocolTests.Hosting;

/// <summary>
/// The database's file may only be read, or cannot grow: people and apps are asked to come back, are told nothing that
/// is not so, and go on when it is mended.
/// </summary>
[Trait("spec", "RFC 9110 15.6.4")]
public sealed class DiskFaultsTests : IAsyncLifetime
{
    /// <summary>Far more than what fits between the rows that are there.</summary>
    private const int Enough = 300;

    private readonly SqliteTestDatabase _database = new();
    private GivenAccount? _account;
    private GivenClient? _client;
    private string? _refreshToken;

    private GivenAccount Account => _account ?? throw new InvalidOperationException("The test has not started.");

    public async Task InitializeAsync()
    {
        await using var server = await AuthServerFixture.StartAsync(database: _database);
        _account = await server.Given.AccountAsync();
        var app = await server.Given.RelyingPartyAsync();
        using var browser = await server.Given.LoggedInAsync(_account);
        (_client, _refreshToken) = (app.Client, (await app.SignInAsync(browser)).RefreshToken);
        await browser.GetAsync("/log-in"); // which makes the keys that forms are sealed with
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_file_that_may_only_be_read()
    {
        var readOnly = _database.ConnectionString + ";Mode=ReadOnly";
        await using (
            var server = await AuthServerFixture.StartAsync(
                database: _database,
                settings: new Dictionary<string, string?> { ["ConnectionStrings:AuthServer"] = readOnly }
            )
        )
        {
            using var browser = server.NewBrowser();
            AssertPutOff(await LogInAsync(browser, Account.Password));
            AssertPutOff(await LogInAsync(browser, "a wrong password"));
            AssertPutOff(await AskForDetailsAsync(browser));
            AssertTemporary(await AppOn(server).RefreshAsync(_refreshToken!));
            await AssertNotReadyAsync(browser);
            Assert.Contains("attempt to write a readonly database", server.Log.ToString(), StringComparison.Ordinal);
        }

        await AssertMendedAsync();
    }

    [Fact]
    public async Task A_disk_on_which_the_file_cannot_grow()
    {
        var pages = await PagesAsync();
        await using (
            var server = await AuthServerFixture.StartAsync(
                database: _database,
                settings: new Dictionary<string, string?>
                {
                    ["Limits:PerAddress:LogInsPerMinute"] = "100000",
                    ["Limits:PerAddress:PagesPerSecond"] = "100000",
                    ["Limits:PerAddress:ProtocolPerSecond"] = "100000",
                },
                configure: builder => builder.Services.AddSingleton(LimitedTo(pages))
            )
        )
        {
            var app = AppOn(server);
            using var loggedIn = await server.Given.LoggedInAsync(Account);
            AssertTemporary(
                await UntilRefusedAsync(async () =>
                {
                    var attempt = app.Authorize();
                    return await app.RedeemAsync(
                        app.CodeOf(await loggedIn.OpenAsync(attempt.Url), attempt),
                        attempt.Verifier
                    );
                })
            );
            AssertPutOff(
                await UntilRefusedAsync(async () =>
                {
                    using var browser = server.NewBrowser();
                    return await LogInAsync(browser, Account.Password);
                })
            );
            AssertPutOff(
                await UntilRefusedAsync(async () =>
                {
                    using var browser = server.NewBrowser();
                    return await browser.FollowAsync(await AskForDetailsAsync(browser));
                })
            );
            await AssertNotReadyAsync(loggedIn);
            Assert.Contains("database or disk is full", server.Log.ToString(), StringComparison.Ordinal);
        }

        await AssertMendedAsync();
    }

    /// <returns>The first answer that is no success.</returns>
    private static async Task<Page> UntilRefusedAsync(Func<Task<Page>> act)
    {
        for (var i = 0; i < Enough; i++)
        {
            if (await act() is { Status: not HttpStatusCode.OK } refused)
            {
                return refused;
            }
        }

        throw new InvalidOperationException("The disk did not become full.");
    }

    // A connection that went back to a pool would keep the limit for the next server.
    private SqliteConnectionSettings LimitedTo(long pages)
    {
        var (text, timeout) = (_database.ConnectionString + ";Pooling=False", new DatabaseOptions().BusyTimeout);
        var usual = new SqliteConnectionSettings(text, timeout);
        return new SqliteConnectionSettings(text, timeout)
        {
            Pragmas = $"{usual.Pragmas} PRAGMA max_page_count = {pages};",
        };
    }

    private async Task<long> PagesAsync()
    {
        await using var connection = new SqliteConnection(_database.ConnectionString + ";Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA page_count";
        return (long)(await command.ExecuteScalarAsync() ?? 0L);
    }

    private RelyingParty AppOn(AuthServerFixture server) =>
        new(server, _client ?? throw new InvalidOperationException("The test has not started."));

    private async Task<Page> LogInAsync(TestBrowser browser, string password) =>
        await browser.LogInAsync((await browser.GetAsync("/log-in")).Ok(), Account.Username, password);

    private static async Task<Page> AskForDetailsAsync(TestBrowser browser) =>
        await browser.SubmitAsync(
            (await browser.GetAsync("/forgotten-login-details")).Ok(),
            new Dictionary<string, string> { ["Email"] = "anna@example.org" },
            "main form"
        );

    private async Task AssertMendedAsync()
    {
        await using var server = await AuthServerFixture.StartAsync(database: _database);
        using var browser = server.NewBrowser();
        Assert.Equal("/account", (await LogInAsync(browser, Account.Password)).Url.AbsolutePath);
        (await AppOn(server).RefreshAsync(_refreshToken!)).Ok();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/ready")).Status);
    }

    private static async Task AssertNotReadyAsync(TestBrowser browser)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await browser.GetAsync("/health/ready")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health/live")).Status);
    }

    private static void AssertTemporary(Page refused)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal("temporarily_unavailable", refused.Json.GetProperty("error").GetString());
        Assert.Contains("Retry-After", refused.Headers.Keys);
    }

    private static void AssertPutOff(Page page)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Equal("5", page.Headers["Retry-After"]);
        Assert.Equal("The service is busy", page.Heading);
        Assert.DoesNotContain("incorrect", page.Text, StringComparison.Ordinal);
    }
}
