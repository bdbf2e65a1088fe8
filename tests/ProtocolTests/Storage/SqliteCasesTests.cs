using TestSupport;
using TestSupport.StorageContract;

namespace ProtocolTests.Storage;

public sealed class SqliteCaseForm : CaseFormContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteCaseAttacks : CaseAttacksContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteCaseRelease : CaseReleaseContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteCaseFloods : CaseFloodsContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteCaseWait : CaseWaitContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}
