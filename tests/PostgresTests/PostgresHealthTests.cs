using Npgsql;
using TestSupport;
using TestSupport.StorageContract;

namespace PostgresTests;

/// <summary>The server takes no writes, as one does that has become a standby.</summary>
public sealed class PostgresHealthTests : HealthContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();

    protected override async Task<IAsyncDisposable> MakeUnwritableAsync(AuthServerFixture server)
    {
        await SetReadOnlyAsync(server, "on");
        return new Writable(server);
    }

    // Sessions that are open keep what they began with, so they are ended.
    private static async Task SetReadOnlyAsync(AuthServerFixture server, string readOnly)
    {
        var name = new NpgsqlConnectionStringBuilder(server.Database.ConnectionString).Database;
        var maintenance = new NpgsqlConnectionStringBuilder(server.Database.ConnectionString)
        {
            Database = "postgres",
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(maintenance.ConnectionString);
        await connection.OpenAsync();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"ALTER DATABASE {name} SET default_transaction_read_only = {readOnly}"),
                new NpgsqlBatchCommand(
                    $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
                ),
            },
        };
        await batch.ExecuteNonQueryAsync();
    }

    private sealed class Writable(AuthServerFixture server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await SetReadOnlyAsync(server, "off");
    }
}
