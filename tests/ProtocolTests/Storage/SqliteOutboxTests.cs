using TestSupport;
using TestSupport.StorageContract;

namespace ProtocolTests.Storage;

public sealed class SqliteOutbox : OutboxContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteDeadLinksInMail : DeadLinksInMailContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}
