using AuthServer.Data;
using TestSupport;
using TestSupport.StorageContract;
using TestSupport.TypedText;

namespace ProtocolTests.Storage;

public sealed class SqliteSchema : SchemaContract
{
    protected override Task<TestDatabase> CreateEmptyDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteHotSqlTests : HotSqlContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteSessions : SessionsContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteThrottle : ThrottleContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqlitePasswordLogIn : PasswordLogInContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteIdentifiers : IdentifiersContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteImport : ImportContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteImportCareers : ImportCareersContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteDisableAccount : DisableAccountContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteConsents : ConsentsContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteDeviceCodes : DeviceCodesContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteCleanUp : CleanUpContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteCleanUpRuns : CleanUpRunContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteCleanUpPlans : CleanUpPlansContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());

    protected override Task<string> PlanAsync(AuthDbContext db, RecordedStatement statement) =>
        ExplainAsync(db, statement, "EXPLAIN QUERY PLAN ", column: 3);
}

public sealed class SqliteBackchannelLogout : BackchannelLogoutContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteOpenIddictManagers : OpenIddictManagersContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteRemoveAccount : RemoveAccountContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteScopes : ScopesContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteMangledText : MangledTextContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteTypedText : TypedTextContract
{
    [Fact]
    public async Task The_document_says_what_the_program_does()
    {
        var path = Repository.PathOf(TypedTextReport.Path);
        var report = TypedTextReport.Write(await TypeAsync());
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, report);
        }

        Assert.True(
            File.Exists(path) && await File.ReadAllTextAsync(path) == report,
            $"{TypedTextReport.Path} is stale: it says how to write it again."
        );
    }

    [Fact]
    public void Ten_guesses_gain_less_than_a_twentieth_of_a_percentage_point() =>
        Assert.InRange(GuessingGain.OfPackagedList().PercentagePoints, 0, 0.05);

    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteLimitsAcrossServers : LimitsAcrossServersContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteClockJumps : ClockJumpsContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteClockJobs : ClockJobsContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteClockLimits : ClockLimitsContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}

public sealed class SqliteCarriedText : CarriedTextContract
{
    protected override Task<TestDatabase> CreateDatabaseAsync() =>
        Task.FromResult<TestDatabase>(new SqliteTestDatabase());
}
