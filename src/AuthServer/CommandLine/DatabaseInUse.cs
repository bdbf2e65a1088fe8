using AuthServer.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AuthServer.CommandLine;

/// <summary>
/// Which database the settings lead to. Every command says it first: a wrong folder is noticed before it does harm.
/// </summary>
/// <param name="Description">For people, without a password.</param>
/// <param name="File">SQLite's file, as an absolute path; null for any other database.</param>
internal sealed partial record DatabaseInUse(string Description, string? File)
{
    /// <summary>False when there is no such file, or one that nothing has been written to.</summary>
    public bool Exists => File is null || (System.IO.File.Exists(File) && new FileInfo(File).Length > 0);

    /// <returns>Null when the connection string cannot be read.</returns>
    public static DatabaseInUse? Of(IServiceProvider services)
    {
        var text =
            services.GetRequiredService<IConfiguration>().GetConnectionString("AuthServer")
            ?? DataModule.DefaultConnectionString;
        try
        {
            return services.GetRequiredService<IOptions<DatabaseOptions>>().Value.Provider == "Postgres"
                ? OfPostgres(new NpgsqlConnectionStringBuilder(text))
                : OfSqlite(new SqliteConnectionStringBuilder(text));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Logs the same line at the start of the server, in the log's format.</summary>
    public static void Log(WebApplication app)
    {
        if (Of(app.Services) is { } database)
        {
            LogDatabase(app.Logger, database.Description);
        }
    }

    /// <summary>Writes the line that every command begins with.</summary>
    public static async Task AnnounceAsync(IServiceProvider services, TextWriter error)
    {
        if (Of(services) is { } database)
        {
            await error.WriteLineAsync($"Database: {database.Description}");
        }
    }

    private static DatabaseInUse OfPostgres(NpgsqlConnectionStringBuilder settings) =>
        new($"PostgreSQL, {settings.Database ?? settings.Username} on {settings.Host}:{settings.Port}", File: null);

    private static DatabaseInUse OfSqlite(SqliteConnectionStringBuilder settings)
    {
        var isFile =
            settings is { DataSource: not ("" or ":memory:"), Mode: not SqliteOpenMode.Memory }
            && !settings.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        var file = isFile ? Path.GetFullPath(settings.DataSource) : null;
        return new($"SQLite, {file ?? settings.DataSource}", file);
    }

    [LoggerMessage(1008, LogLevel.Information, "Database: {Database}")]
    private static partial void LogDatabase(ILogger logger, string database);
}
