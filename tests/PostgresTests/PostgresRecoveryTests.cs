using Microsoft.EntityFrameworkCore;
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

public sealed class PostgresLinkIssues : LinkIssuesContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();

    [Fact]
    public async Task A_batch_takes_one_place_in_the_servers_table_of_locks()
    {
        var ids = await PeopleAsync();
        var locks = 0;

        await IssueAsync(
            ids,
            async db =>
                locks = await db
                    .Database.SqlQuery<int>(
                        $"SELECT count(*)::int AS \"Value\" FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
                    )
                    .SingleAsync()
        );

        Assert.Equal(1, locks);
    }
}
