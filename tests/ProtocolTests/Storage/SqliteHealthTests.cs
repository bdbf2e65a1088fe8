using Microsoft.Data.Sqlite;
using TestSupport;
using TestSupport.StorageContract;

namespace ProtocolTests.Storage;

/// <summary>Another program has locked the file.</summary>
public sealed class SqliteHealthTests : HealthContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());

    protected override async Task<IAsyncDisposable> MakeUnwritableAsync(AuthServerFixture server)
    {
        var other = new SqliteConnection(server.Database.ConnectionString + ";Pooling=False");
        await other.OpenAsync();
        await other.BeginTransactionAsync();
        return other;
    }
}
