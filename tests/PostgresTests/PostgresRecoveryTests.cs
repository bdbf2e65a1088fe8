using TestSupport;
using TestSupport.StorageContract;

namespace PostgresTests;

public sealed class PostgresForgottenDetails : ForgottenDetailsContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresWaitingRequests : WaitingRequestsContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresResetLinks : ResetLinksContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresMailTrail : MailTrailContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}
