using System.Diagnostics;
using AuthServer.Data;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace TestSupport;

/// <summary>
/// A PostgreSQL cluster of this test process's own, in a temporary folder that only its Unix socket leads into. It is
/// never skipped: without PostgreSQL on the machine the tests fail and say what to install.
/// </summary>
public sealed class PostgresCluster
{
    private const string Template = "auth_template";

    private static readonly Lazy<Task<PostgresCluster>> Started = new(StartAsync);

    private readonly LeashedProcess _server;
    private readonly Lazy<Task> _template;
    private int _databases;

    private PostgresCluster(string folder, LeashedProcess server)
    {
        (Folder, _server) = (folder, server);
        _template = new Lazy<Task>(MakeTemplateAsync);
    }

    /// <summary>Where its socket is: the <c>Host</c> of a connection string.</summary>
    public string Folder { get; }

    /// <summary>The cluster, started when the first test asks for it; it ends with this process.</summary>
    public static Task<PostgresCluster> GetAsync() => Started.Value;

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = Folder,
            Username = "postgres",
            Database = database,
        }.ConnectionString;

    /// <summary>A database with the schema in it, cloned from one that was migrated once.</summary>
    public async Task<string> NewMigratedAsync()
    {
        await _template.Value;
        return await NewAsync(Template);
    }

    /// <summary>A database with nothing in it.</summary>
    public Task<string> NewEmptyAsync() => NewAsync("template0");

    public async Task DropAsync(string database)
    {
        await ExecuteAsync($"DROP DATABASE {database} WITH (FORCE)");
    }

    private async Task<string> NewAsync(string template)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return name;
    }

    private async Task MakeTemplateAsync()
    {
        await ExecuteAsync($"CREATE DATABASE {Template}");
        await using (
            var app = Program
                .CreateBuilder([
                    "--environment=Development",
                    "--Issuer=http://127.0.0.1",
                    "--Database:Provider=Postgres",
                    $"--ConnectionStrings:AuthServer={ConnectionString(Template)};Pooling=false",
                    "--Demo=false",
                ])
                .Build()
        )
        {
            await app.Services.GetRequiredService<Schema>().MigrateAsync(CancellationToken.None);
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<PostgresCluster> StartAsync()
    {
        var binaries = Binaries();
        var user = Environment.UserName == "root" ? "postgres" : null;

        // The socket is in it, and the path of a socket may have 107 characters at the most.
        var folder = Directory.CreateTempSubdirectory("auth-pg-").FullName;
        if (user is not null)
        {
            await RunAsync(["chown", user, folder], null);
        }

        var data = Path.Combine(folder, "data");
        await RunAsync(
            [
                Path.Combine(binaries, "initdb"),
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
            user
        );

        // The shell is told to delete the folder when PostgreSQL has stopped. Durability has tests of its own; these
        // need none.
        const string Serve =
            """folder=$1; shift; "$@" & server=$!; trap 'kill -INT $server' TERM; wait $server; wait $server; rm -rf "$folder" """;
        var server = LeashedProcess.Start(
            [
                "sh",
                "-c",
                Serve,
                "serve",
                folder,
                Path.Combine(binaries, "postgres"),
                "-D",
                data,
                "-k",
                folder,
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "max_connections=300",
                "-c",
                "shared_buffers=64MB",
            ],
            user: user
        );

        var cluster = new PostgresCluster(folder, server);
        await cluster._server.WaitUntilAsync(cluster.AnswersAsync, "PostgreSQL");
        return cluster;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await ExecuteAsync("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string Binaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .OrderDescending()
                .Select(version => Path.Combine(version, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException(
                "PostgreSQL is not installed. On Debian or Ubuntu: apt-get install postgresql. Elsewhere: put initdb and postgres on the PATH."
            );
    }

    private static async Task RunAsync(IReadOnlyList<string> command, string? user)
    {
        string[] become = user is null ? [] : ["runuser", "-u", user, "--"];
        string[] all = [.. become, .. command];
        using var process =
            Process.Start(
                new ProcessStartInfo(all[0], all[1..])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    WorkingDirectory = "/",
                }
            ) ?? throw new InvalidOperationException($"{all[0]} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', all)} failed:\n{await output}{errors}");
        }
    }
}

/// <summary>A database of the cluster, with the schema in it unless asked otherwise.</summary>
public sealed class PostgresTestDatabase : TestDatabase
{
    private readonly PostgresCluster _cluster;
    private readonly string _name;

    private PostgresTestDatabase(PostgresCluster cluster, string name) => (_cluster, _name) = (cluster, name);

    public override string Provider => "Postgres";

    public override string ConnectionString => _cluster.ConnectionString(_name);

    public static async Task<PostgresTestDatabase> NewAsync(bool migrated = true)
    {
        var cluster = await PostgresCluster.GetAsync();
        return new PostgresTestDatabase(
            cluster,
            migrated ? await cluster.NewMigratedAsync() : await cluster.NewEmptyAsync()
        );
    }

    public override async ValueTask DisposeAsync() => await _cluster.DropAsync(_name);
}
