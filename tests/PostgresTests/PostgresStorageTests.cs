using AuthServer.Data;
using TestSupport;
using TestSupport.StorageContract;

namespace PostgresTests;

public sealed class PostgresSchema : SchemaContract
{
    protected override async Task<TestDatabase> CreateEmptyDatabaseAsync() =>
        await PostgresTestDatabase.NewAsync(migrated: false);
}

public sealed class PostgresHotSqlTests : HotSqlContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresSessions : SessionsContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresThrottle : ThrottleContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresPasswordLogIn : PasswordLogInContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresIdentifiers : IdentifiersContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresImport : ImportContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresImportCareers : ImportCareersContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresDisableAccount : DisableAccountContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresConsents : ConsentsContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresDeviceCodes : DeviceCodesContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresCleanUp : CleanUpContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresCleanUpRuns : CleanUpRunContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresCleanUpPlans : CleanUpPlansContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();

    protected override Task<string> PlanAsync(AuthDbContext db, RecordedStatement statement) =>
        ExplainAsync(db, statement, "EXPLAIN ", column: 0);
}

public sealed class PostgresBackchannelLogout : BackchannelLogoutContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresMangledText : MangledTextContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresRemoveAccount : RemoveAccountContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresTypedText : TypedTextContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresLimitsAcrossServers : LimitsAcrossServersContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresClockJumps : ClockJumpsContract
{
    [Fact]
    public async Task A_clock_that_is_ahead_of_the_databases_is_warned_of_once()
    {
        Server.Clock.Jump(TimeSpan.FromMinutes(1));
        await LookAsync();
        await LookAsync();

        Assert.Single(Warnings(6011));
    }

    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresClockJobs : ClockJobsContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresClockLimits : ClockLimitsContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}

public sealed class PostgresCarriedText : CarriedTextContract
{
    protected override async Task<TestDatabase> CreateDatabaseAsync() => await PostgresTestDatabase.NewAsync();
}
