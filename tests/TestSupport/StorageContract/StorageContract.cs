using Xunit;

namespace TestSupport.StorageContract;

/// <summary>
/// What a contract stands on: one server on one database of the provider under test. A contract is an abstract class
/// here with the tests in it; <c>ProtocolTests/Storage</c> runs it on SQLite and <c>PostgresTests</c> on PostgreSQL.
/// </summary>
public abstract class StorageContract : IAsyncLifetime
{
    private TestDatabase? _database;
    private AuthServerFixture? _server;

    /// <summary>Its clock stands still at 2026-01-31 09:00 UTC until the test moves it.</summary>
    protected AuthServerFixture Server => _server ?? throw new InvalidOperationException("The test has not started.");

    /// <summary>On top of the fixture's own; null: none.</summary>
    protected virtual IReadOnlyDictionary<string, string?>? Settings => null;

    public virtual async Task InitializeAsync()
    {
        _database = await CreateDatabaseAsync();
        _server = await AuthServerFixture.StartAsync(new FixedClock(), _database, settings: Settings);
    }

    public virtual async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    /// <summary>
    /// A fresh database: <c>new SqliteTestDatabase()</c> or <c>await PostgresTestDatabase.NewAsync()</c>.
    /// </summary>
    protected abstract Task<TestDatabase> CreateDatabaseAsync();
}
