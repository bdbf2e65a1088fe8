using TestSupport;
using TestSupport.StorageContract;

namespace PostgresTests;

public sealed class PostgresGrants : GrantsContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresOddRequests : OddRequestsContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresClientAssertions : ClientAssertionsContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}
