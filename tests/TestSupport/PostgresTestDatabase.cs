using TestSupport.Postgres;

namespace TestSupport;

/// <summary>A database on the tests' PostgreSQL, with the schema in it unless asked otherwise.</summary>
public sealed class PostgresTestDatabase : TestDatabase
{
    private readonly PostgresServer _server;
    private readonly string _name;

    private PostgresTestDatabase(PostgresServer server, string name) => (_server, _name) = (server, name);

    public override string Provider => "Postgres";

    public override string ConnectionString => _server.ConnectionString(_name);

    public static async Task<PostgresTestDatabase> NewAsync(bool migrated = true)
    {
        var server = await PostgresServer.GetAsync();
        return new PostgresTestDatabase(
            server,
            migrated ? await server.CreateMigratedAsync() : await server.CreateEmptyAsync()
        );
    }

    public override async ValueTask DisposeAsync() => await _server.DropAsync(_name);
}
