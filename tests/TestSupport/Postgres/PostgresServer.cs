using AuthServer.Data;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace TestSupport.Postgres;

/// <summary>
/// The PostgreSQL server of a test process: it creates and drops the databases of the tests. Tests are never skipped:
/// without a server they fail and say what is missing.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>
    /// Where the server comes from: a connection string, <c>container</c>, <c>programs</c>, or not set, which means a
    /// container if an engine answers, else the programs of this machine.
    /// </summary>
    public const string Variable = "AUTH_TESTS_POSTGRES";

    /// <summary>What the names of all test databases begin with.</summary>
    internal const string NamesBegin = "auth_test_";

    // One locale and encoding, whatever the server's own defaults are.
    private const string Text = "ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'";

    private static readonly Lazy<Task<PostgresServer>> Started = new(StartAsync);

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly IAsyncDisposable? _process;
    private readonly Lazy<Task> _template;

    private int _databases;

    /// <param name="connectionString">Of a role that may create databases. The database in it is only used for that.</param>
    /// <param name="process">Stops the server, or null if it is not ours to stop.</param>
    internal PostgresServer(string connectionString, IAsyncDisposable? process = null)
    {
        _connection = new NpgsqlConnectionStringBuilder(connectionString);
        _connection.Database ??= "postgres";
        _process = process;
        _template = new Lazy<Task>(CreateTemplateAsync);
    }

    /// <summary>What the names of this process's databases begin with: others may use the same server.</summary>
    internal string Prefix { get; } = $"{NamesBegin}{Guid.NewGuid():N}"[..18];

    private string Template => $"{Prefix}_template";

    /// <summary>The server, started when the first test asks for it. It stops with this process.</summary>
    public static Task<PostgresServer> GetAsync() => Started.Value;

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Database = database }.ConnectionString;

    /// <summary>A database with the schema in it, cloned from one that was migrated once.</summary>
    public async Task<string> CreateMigratedAsync()
    {
        await _template.Value;
        return await CreateAsync($"TEMPLATE {Template}");
    }

    /// <summary>A database with nothing in it.</summary>
    public Task<string> CreateEmptyAsync() => CreateAsync($"TEMPLATE template0 {Text}");

    public Task DropAsync(string database) => ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");

    /// <summary>True if the server accepts connections.</summary>
    internal async Task<bool> AnswersAsync()
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

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
        else if (_template.IsValueCreated)
        {
            await DropAsync(Template);
        }
    }

    private static async Task<PostgresServer> StartAsync()
    {
        var server = Environment.GetEnvironmentVariable(Variable) switch
        {
            null or "" => await PostgresContainer.StartIfAnEngineAnswersAsync() ?? await PostgresPrograms.StartAsync(),
            "container" => await PostgresContainer.StartAsync(),
            "programs" => await PostgresPrograms.StartAsync(),
            var connectionString => await PostgresGiven.ConnectAsync(connectionString),
        };
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(20));
        return server;
    }

    private async Task<string> CreateAsync(string from)
    {
        var name = $"{Prefix}_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} {from}");
        return name;
    }

    private async Task CreateTemplateAsync()
    {
        await ExecuteAsync($"CREATE DATABASE {Template} TEMPLATE template0 {Text}");
        await using var app = Program
            .CreateBuilder([
                "--environment=Development",
                "--Issuer=http://127.0.0.1",
                "--Database:Provider=Postgres",
                $"--ConnectionStrings:AuthServer={ConnectionString(Template)};Pooling=false",
                "--Demo=false",
            ])
            .Build();
        await app.Services.GetRequiredService<Schema>().MigrateAsync(CancellationToken.None);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connection.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
