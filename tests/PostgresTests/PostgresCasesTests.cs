using TestSupport;
using TestSupport.StorageContract;

namespace PostgresTests;

public sealed class PostgresCaseForm : CaseFormContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresCaseAttacks : CaseAttacksContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresCaseRelease : CaseReleaseContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresCaseFloods : CaseFloodsContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresCaseWait : CaseWaitContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}
