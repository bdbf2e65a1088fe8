using Microsoft.Data.Sqlite;

namespace TestSupport;

/// <summary>A fresh database of one provider, for one server or one test class.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    /// <summary>The setting <c>Database:Provider</c>.</summary>
    public abstract string Provider { get; }

    /// <summary>The setting <c>ConnectionStrings:AuthServer</c>.</summary>
    public abstract string ConnectionString { get; }

    public abstract ValueTask DisposeAsync();
}

/// <summary>A SQLite file in a folder of its own, empty until a server migrates it.</summary>
public sealed class SqliteTestDatabase : TestDatabase
{
    private readonly TemporaryFolder _folder = new();

    public override string Provider => "Sqlite";

    public override string ConnectionString => $"Data Source={_folder.File("auth.db")}";

    public override ValueTask DisposeAsync()
    {
        using (var connection = new SqliteConnection(ConnectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
