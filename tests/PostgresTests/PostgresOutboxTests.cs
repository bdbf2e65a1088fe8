using TestSupport;
using TestSupport.StorageContract;

namespace PostgresTests;

public sealed class PostgresOutbox : OutboxContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}
