using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;
using AuthServer.Data.Migrations.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using TestSupport;

namespace PostgresTests;

/// <summary>The shared schedule of jobs is in the database, in tables that our migration made.</summary>
public sealed class JobTablesTests
{
    [Fact]
    public void Quartz_has_brought_no_other_tables_since_the_migration_was_written()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JobTables.Script())));

        // If this fails after an upgrade of Quartz: add a migration that brings older databases up to the new script,
        // then change the hash.
        Assert.Equal("c7e6745411425f02f4464e4d33dc910b7dc93ac067f2da6ddf4690a604f4ec78", hash);
    }

    [Fact]
    public async Task The_shared_jobs_are_in_the_database_after_a_start()
    {
        await using var database = await PostgresTestDatabase.NewAsync();
        await using var server = await AuthServerFixture.StartAsync(database: database);
        await StartedAsync(server);

        var jobs = await server.InDatabaseAsync(db =>
            db.Database.SqlQueryRaw<string>("SELECT job_name AS \"Value\" FROM qrtz_job_details").ToListAsync()
        );

        Assert.Contains("clean-up", jobs);
        Assert.Contains("rotate-signing-keys", jobs);
    }

    [Fact]
    public async Task A_job_that_an_older_process_did_not_know_and_put_aside_is_back_after_the_next_start()
    {
        await using var database = await PostgresTestDatabase.NewAsync();
        await using (var older = await AuthServerFixture.StartAsync(database: database))
        {
            await StartedAsync(older);
            await older.InDatabaseAsync(db =>
                db.Database.ExecuteSqlRawAsync("UPDATE qrtz_triggers SET trigger_state = 'ERROR'")
            );
        }

        await using var server = await AuthServerFixture.StartAsync(database: database);
        await StartedAsync(server);

        var states = await server.InDatabaseAsync(db =>
            db.Database.SqlQueryRaw<string>("SELECT trigger_state AS \"Value\" FROM qrtz_triggers").ToListAsync()
        );
        Assert.NotEmpty(states);
        Assert.DoesNotContain("ERROR", states);
    }

    [Fact]
    public async Task The_migration_can_be_taken_back()
    {
        await using var database = await PostgresTestDatabase.NewAsync();
        await using var app = Program
            .CreateBuilder([
                "--environment=Development",
                "--Issuer=http://127.0.0.1",
                "--Database:Provider=Postgres",
                "--Demo=false",
                $"--ConnectionStrings:AuthServer={database.ConnectionString};Pooling=false",
            ])
            .Build(); // its jobs do not run
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDbContext>();

        await db.Database.MigrateAsync("0");

        Assert.Equal(
            0,
            await db
                .Database.SqlQueryRaw<int>(
                    "SELECT COUNT(*)::int AS \"Value\" FROM information_schema.tables WHERE table_name LIKE 'qrtz%'"
                )
                .SingleAsync()
        );
    }

    /// <summary>The schedulers are built once the server listens.</summary>
    private static async Task StartedAsync(AuthServerFixture server)
    {
        var factory = server.Services.GetRequiredService<ISchedulerFactory>();
        while (await factory.LookupScheduler("shared") is not { Status: SchedulerStatus.Running })
        {
            await Task.Delay(50);
        }
    }
}
