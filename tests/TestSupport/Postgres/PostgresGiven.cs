using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace TestSupport.Postgres;

/// <summary>A PostgreSQL server that runs already, named by a connection string.</summary>
internal static class PostgresGiven
{
    // Connections that stay open until this process ends.
    private static readonly ConcurrentBag<NpgsqlConnection> Locks = [];

    /// <exception cref="InvalidOperationException">The tests cannot run on it; the message says why.</exception>
    public static async Task<PostgresServer> ConnectAsync(string connectionString)
    {
        if (await ProblemAsync(connectionString) is { } problem)
        {
            throw new InvalidOperationException($"{PostgresServer.Variable}: {problem}");
        }

        var server = new PostgresServer(connectionString);
        await DropAbandonedAsync(connectionString, server.Prefix);
        return server;
    }

    /// <summary>
    /// Drops the databases of test processes that have ended without doing so. A process keeps a lock on the prefix of its
    /// databases for as long as it lives.
    /// </summary>
    private static async Task DropAbandonedAsync(string connectionString, string prefix)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        builder.Database ??= "postgres";
        var connection = new NpgsqlConnection(builder.ConnectionString);
        Locks.Add(connection);
        await connection.OpenAsync();
        await ExecuteAsync($"SELECT pg_advisory_lock(hashtext('{prefix}'))");

        var abandoned = new List<string>();
        await using (
            var command = new NpgsqlCommand(
                $"""
                SELECT datname FROM pg_database
                WHERE starts_with(datname, '{PostgresServer.NamesBegin}') AND NOT starts_with(datname, '{prefix}')
                  AND pg_get_userbyid(datdba) = current_user
                  AND pg_try_advisory_lock(hashtext(left(datname, {prefix.Length})))
                """,
                connection
            )
        )
        await using (var rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                abandoned.Add(rows.GetString(0));
            }
        }

        foreach (var database in abandoned)
        {
            await ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
            await ExecuteAsync($"SELECT pg_advisory_unlock(hashtext('{database[..prefix.Length]}'))");
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
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
