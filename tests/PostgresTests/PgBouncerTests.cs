using AuthServer.CommandLine;
using AuthServer.Data;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TestSupport;

namespace PostgresTests;

/// <summary>A real PgBouncer between the server and its database.</summary>
public sealed class PgBouncerTests
{
    [Theory]
    [InlineData("transaction", true, true)]
    [InlineData("session", false, false)]
    public async Task A_pooler_that_loses_prepared_statements_is_found_out(
        string mode,
        bool refused,
        bool refusedToMigrate
    )
    {
        await using var database = await PostgresTestDatabase.NewAsync();
        await using var pooled = await PooledAsync(database, mode);
        await using var app = Build(pooled.ConnectionString);
        var pooler = app.Services.GetRequiredService<ConnectionPooler>();

        var problem = await pooler.ProblemAsync(migrating: false, CancellationToken.None);
        var problemWithMigrating = await pooler.ProblemAsync(migrating: true, CancellationToken.None);

        Assert.Equal((refused, refusedToMigrate), (problem is not null, problemWithMigrating is not null));
        Assert.True(problem is null || problem.Contains("PgBouncer 1.21", StringComparison.Ordinal), problem);
    }

    [Fact]
    public async Task Without_a_pooler_there_is_nothing_to_say()
    {
        await using var database = await PostgresTestDatabase.NewAsync();
        await using var app = Build(database.ConnectionString);

        Assert.Null(
            await app
                .Services.GetRequiredService<ConnectionPooler>()
                .ProblemAsync(migrating: true, CancellationToken.None)
        );
    }

    [Fact]
    public async Task A_command_is_refused_in_one_sentence()
    {
        await using var database = await PostgresTestDatabase.NewAsync();
        await using var pooled = await PooledAsync(database, "transaction");
        using var error = new StringWriter();

        var exitCode = await Commands.RunAsync(
            ["users", "list"],
            new CommandSurroundings
            {
                Output = TextWriter.Null,
                Error = error,
                Settings =
                [
                    $"--contentRoot={Repository.PathOf("src/AuthServer")}",
                    "--Database:Provider=Postgres",
                    $"--ConnectionStrings:AuthServer={pooled.ConnectionString}",
                ],
            }
        );

        Assert.Equal(1, exitCode);
        Assert.Contains("use PgBouncer 1.21 or later", error.ToString(), StringComparison.Ordinal);
    }

    private static Microsoft.AspNetCore.Builder.WebApplication Build(string connectionString) =>
        Program
            .CreateBuilder([
                "--environment=Development",
                "--Issuer=http://127.0.0.1",
                "--Demo=false",
                "--Database:Provider=Postgres",
                $"--ConnectionStrings:AuthServer={connectionString}",
            ])
            .Build();

    private static async Task<Pooled> PooledAsync(TestDatabase database, string mode)
    {
        var direct = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var folder = new TemporaryFolder();
        var port = FreePort.Next(); // the name of its socket; it listens on no network
        var settings = folder.File("pgbouncer.ini");
        var user = Environment.UserName == "root" ? "postgres" : null; // as PostgreSQL, it does not run as root
        await File.WriteAllTextAsync(
            settings,
            $"""
            [databases]
            * = host={direct.Host} port={direct.Port} user={direct.Username} password='{direct.Password?.Replace(
                "'",
                "''",
                StringComparison.Ordinal
            )}'
            [pgbouncer]
            pool_mode = {mode}
            listen_port = {port}
            unix_socket_dir = {folder.Path}
            auth_type = any
            ignore_startup_parameters = extra_float_digits
            {(await KnowsPreparedStatementsAsync() ? "max_prepared_statements = 0" : "")}
            """
        );
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_111_111); // its socket is made there by that user
        File.SetUnixFileMode(
            settings,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
        );
        var process = LeashedProcess.Start(["/usr/sbin/pgbouncer", settings], user: user, stopSignal: "KILL");
        var pooled = new Pooled(
            process,
            folder,
            new NpgsqlConnectionStringBuilder(database.ConnectionString)
            {
                Host = folder.Path,
                Port = port,
                Pooling = true,
            }.ConnectionString
        );
        await process.WaitUntilAsync(() => Task.FromResult(File.Exists(folder.File($".s.PGSQL.{port}"))), "PgBouncer");
        return pooled;
    }

    // From 1.21 on it does, and these tests are about one that does not.
    private static async Task<bool> KnowsPreparedStatementsAsync()
    {
        await using var asked = LeashedProcess.Start(["/usr/sbin/pgbouncer", "--version"]);
        await asked.WaitUntilAsync(
            () => Task.FromResult(asked.Output.Contains("PgBouncer ", StringComparison.Ordinal)),
            "pgbouncer --version"
        );
        return Version.Parse(asked.Output.Split("PgBouncer ")[1].Split('\n')[0].Trim()) >= new Version(1, 21);
    }

    private sealed record Pooled(LeashedProcess Process, TemporaryFolder Folder, string ConnectionString)
        : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Process.DisposeAsync();
            Folder.Dispose();
        }
    }
}
