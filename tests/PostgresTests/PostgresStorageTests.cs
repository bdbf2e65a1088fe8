using TestSupport;
using TestSupport.StorageContract;

namespace PostgresTests;

public sealed class PostgresSchema : SchemaContract
{
    // Empty: the migrations have to make all of it.
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync(migrated: false);
}

public sealed class PostgresSessions : SessionsContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}
