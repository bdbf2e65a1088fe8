using System.Globalization;
using Npgsql;

namespace TestSupport.Postgres;

/// <summary>A PostgreSQL server that somebody runs for the tests, named by a connection string.</summary>
internal static class PostgresGiven
{
    /// <exception cref="InvalidOperationException">The tests cannot run on it; the message says why.</exception>
    public static async Task<PostgresServer> ConnectAsync(string connectionString)
    {
        if (await ProblemAsync(connectionString) is { } problem)
        {
            throw new InvalidOperationException($"{PostgresServer.Variable}: {problem}");
        }

        return new PostgresServer(connectionString);
    }

    private static async Task<string?> ProblemAsync(string connectionString)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
            builder.Database ??= "postgres";
            await using var connection = new NpgsqlConnection(builder.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(
                """
                SELECT current_setting('server_version_num')::int, current_setting('max_connections')::int,
                       rolcreatedb OR rolsuper
                FROM pg_roles WHERE rolname = current_user
                """,
                connection
            );
            await using var row = await command.ExecuteReaderAsync();
            await row.ReadAsync();
            return row switch
            {
                _ when row.GetInt32(0) < 150000 => "The server must be PostgreSQL 15 or newer.",
                _ when row.GetInt32(1) < PostgresSettings.MaxConnections => string.Create(
                    CultureInfo.InvariantCulture,
                    $"The server must have max_connections of at least {PostgresSettings.MaxConnections}."
                ),
                _ when !row.GetBoolean(2) => "The role must have the right to create databases (CREATEDB).",
                _ => null,
            };
        }
        catch (ArgumentException)
        {
            return "The value must be a connection string for Npgsql, 'container' or 'programs'.";
        }
        catch (NpgsqlException error)
        {
            return $"The server does not answer: {error.Message}";
        }
    }
}
