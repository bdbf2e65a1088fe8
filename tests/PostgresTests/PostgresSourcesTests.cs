using System.Globalization;
using Npgsql;
using TestSupport.Postgres;

namespace PostgresTests;

/// <summary>
/// The programs of this machine, a container and a given server: whichever the tests use, they get the same database.
/// </summary>
public sealed class PostgresSourcesTests
{
    private const string Settings = """
        SELECT concat_ws(' ',
            'version', current_setting('server_version_num')::int / 10000,
            pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider,
            'fsync', current_setting('fsync'),
            'synchronous_commit', current_setting('synchronous_commit'),
            'full_page_writes', current_setting('full_page_writes'),
            'jit', current_setting('jit'),
            'max_connections', current_setting('max_connections'),
            'timezone', current_setting('timezone'),
            'messages', current_setting('lc_messages'),
            'isolation', current_setting('default_transaction_isolation'))
        FROM pg_database WHERE datname = current_database()
        """;

    [Fact]
    public async Task Every_source_gives_the_same_database()
    {
        await using var programs = await PostgresPrograms.StartAsync();
        await using var given = await PostgresGiven.ConnectAsync(programs.ConnectionString("postgres"));
        await using var container = await ContainerAsync();

        var version = PostgresPrograms.InstalledVersion();
        Assert.Equal(Expected(version), await SettingsAsync(programs));
        Assert.Equal(Expected(version), await SettingsAsync(given));
        if (container is not null)
        {
            Assert.Equal(Expected(PostgresContainer.Version), await SettingsAsync(container));
        }
    }

    [Theory]
    [InlineData("container!", "must be a connection string")]
    [InlineData("Host=127.0.0.1;Port=1;Username=nobody", "does not answer")]
    public async Task A_given_server_that_cannot_be_used_is_refused_in_one_sentence(string given, string reason)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresGiven.ConnectAsync(given));

        Assert.StartsWith(PostgresServer.Variable, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Null if this machine has no container engine, or the tests were told to do without one.</summary>
    private static async Task<PostgresServer?> ContainerAsync() =>
        Environment.GetEnvironmentVariable(PostgresServer.Variable) switch
        {
            "programs" => null,
            "container" => await PostgresContainer.StartAsync(),
            _ => await PostgresContainer.StartIfAnEngineAnswersAsync(),
        };

    private static string Expected(int? version) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"version {version} UTF8 C C c fsync off synchronous_commit off full_page_writes off jit off max_connections 300 timezone UTC messages C isolation read committed"
        );

    /// <summary>Of a new database, with a session that was ended by another on the way.</summary>
    private static async Task<string> SettingsAsync(PostgresServer server)
    {
        var database = await server.CreateEmptyAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString(database));
        await using var session = await source.OpenConnectionAsync();
        await using (var end = source.CreateCommand($"SELECT pg_terminate_backend({session.ProcessID}, 5000)"))
        {
            Assert.Equal(true, await end.ExecuteScalarAsync());
        }

        await using var command = source.CreateCommand(Settings);
        var settings = await command.ExecuteScalarAsync();
        await server.DropAsync(database);
        return Assert.IsType<string>(settings);
    }
}
