using Microsoft.Data.Sqlite;
using TestSupport;
using Xunit.Abstractions;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace CrashTests;

public sealed class SqliteCrash(ITestOutputHelper output) : CrashContract(output)
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());

    protected override async Task<string?> DamageAsync(TestDatabase database)
    {
        await using var connection = new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return await command.ExecuteScalarAsync() is "ok" ? null : "The file is damaged.";
    }
}

/// <summary>PostgreSQL itself stays up: what is tested is our side of it.</summary>
public sealed class PostgresCrash(ITestOutputHelper output) : CrashContract(output)
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() =>
        await PostgresTestDatabase.NewAsync(migrated: false);

    protected override Task<string?> DamageAsync(TestDatabase database) => Task.FromResult<string?>(null);
}
