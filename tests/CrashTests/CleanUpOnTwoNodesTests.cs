using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using TestSupport;

namespace CrashTests;

/// <summary>
/// Two servers on one PostgreSQL: the clean-up runs on one of them at a time, and on the other when that one is killed.
/// </summary>
public sealed partial class CleanUpOnTwoNodesTests : IAsyncLifetime
{
    private PostgresTestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await PostgresTestDatabase.NewAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Each_planned_run_happens_once()
    {
        await using var first = Node("00:00:02");
        await using var second = Node("00:00:02");
        await Task.WhenAll(first.StartAsync(), second.StartAsync());

        await UntilAsync(() => Task.FromResult(Began(first).Count + Began(second).Count >= 6), first, second);

        var runs = Began(first).Concat(Began(second)).ToList();
        Assert.Equal(runs.Distinct().Order(), runs.Order());
    }

    [Fact]
    public async Task When_the_node_that_cleans_is_killed_the_other_goes_on_from_there()
    {
        await AddDeadLinksAsync(20_000);
        await using var first = Node("00:00:02", slowly: true);
        await using var second = Node("00:00:02", slowly: true);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        await UntilAsync(async () => await LinksAsync() < 20_000, first, second);
        var (cleaner, other) = Began(first).Count > 0 ? (first, second) : (second, first);
        Assert.Empty(Began(other)); // it is still at work, and only one may be

        await cleaner.KillAsync();
        var left = await LinksAsync();
        Assert.NotEqual(0, left);
        await UntilAsync(() => Task.FromResult(Began(other).Count > 0), other);
        await UntilAsync(async () => await LinksAsync() < left, other);
    }

    /// <param name="slowly">A run that would take minutes.</param>
    private KilledServer Node(string interval, bool slowly = false) =>
        new(
            _database,
            $"http://127.0.0.1:{FreePort.Next()}",
            new Dictionary<string, string>
            {
                ["CleanUp:Interval"] = interval,
                ["CleanUp:BatchSize"] = slowly ? "10" : "1000",
                ["CleanUp:Share"] = slowly ? "0.01" : "0.5",
                ["Logging:LogLevel:Recovery"] = "Debug",
            }
        );

    /// <summary>For when the runs that a node began were planned.</summary>
    private static List<string> Began(KilledServer node) =>
        [.. BeganLine().Matches(node.Output).Select(match => match.Groups[1].Value)];

    private static async Task UntilAsync(Func<Task<bool>> done, params KilledServer[] nodes)
    {
        for (var i = 0; i < 1200 && !await done(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(await done(), string.Join("\n---\n", nodes.Select(node => node.Output)));
    }

    private Task<int> LinksAsync() => SqlAsync("SELECT COUNT(*)::int FROM reset_links");

    private Task<int> AddDeadLinksAsync(int count) =>
        SqlAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                WITH added AS (
                    INSERT INTO reset_links (id, account_id, purpose, token_hash, sent_to, generation, security_stamp, created_at, expires_at)
                    SELECT gen_random_uuid(), gen_random_uuid(), 0, sha256(n::text::bytea), 'nobody', 1, gen_random_uuid(), now() - interval '30 days', now() - interval '29 days'
                    FROM generate_series(1, {count}) n RETURNING 1)
                SELECT COUNT(*)::int FROM added
                """
            )
        );

    private async Task<int> SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (int)(await command.ExecuteScalarAsync() ?? 0);
    }

    [GeneratedRegex(@"The clean-up of (\S+) began")]
    private static partial Regex BeganLine();
}
