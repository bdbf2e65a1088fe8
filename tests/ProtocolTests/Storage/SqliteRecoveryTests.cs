using TestSupport;
using TestSupport.StorageContract;

namespace ProtocolTests.Storage;

public sealed class SqliteForgottenDetails : ForgottenDetailsContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteWaitingRequests : WaitingRequestsContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteResetLinks : ResetLinksContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteMailTrail : MailTrailContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteLinkIssues : LinkIssuesContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}
