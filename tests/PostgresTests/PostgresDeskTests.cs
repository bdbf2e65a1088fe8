using TestSupport;
using TestSupport.StorageContract;

namespace PostgresTests;

public sealed class PostgresDesk : DeskContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresDeskAttacks : DeskAttacksContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}
