using Npgsql;

namespace AuthServer.Data;

/// <summary>
/// Finds out whether a pooler such as PgBouncer stands before PostgreSQL, and whether it gives each transaction another
/// connection: then prepared statements need PgBouncer 1.21 or later, and a migration, which holds a lock across
/// transactions, has to be run without it.
/// </summary>
internal sealed class ConnectionPooler(IServiceProvider services)
{
    /// <summary>SQLSTATEs of a prepared statement that another connection knows, or knows otherwise.</summary>
    private static readonly string[] Unprepared =
    [
        PostgresErrorCodes.InvalidSqlStatementName,
        PostgresErrorCodes.DuplicatePreparedStatement,
        PostgresErrorCodes.ProtocolViolation,
    ];

    /// <param name="migrating">True: the schema is about to be changed.</param>
    /// <returns>Why the server cannot work through it, as a sentence; null when it can, or there is none.</returns>
    public async Task<string?> ProblemAsync(bool migrating, CancellationToken cancellationToken)
    {
        if (services.GetService<NpgsqlDataSource>() is not { } source)
        {
            return null;
        }

        try
        {
            await using var first = await source.OpenConnectionAsync(cancellationToken);
            await using var statement = new NpgsqlCommand("SELECT pg_backend_pid()", first) { CommandTimeout = 5 };
            var backend = await statement.ExecuteScalarAsync(cancellationToken);
            return backend is int pid && pid == first.ProcessID
                ? null // the server says itself who it is
                : await ProblemBehindPoolerAsync(source, statement, migrating, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            return null; // there is no database yet
        }
    }

    private static async Task<string?> ProblemBehindPoolerAsync(
        NpgsqlDataSource source,
        NpgsqlCommand statement,
        bool migrating,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await statement.PrepareAsync(cancellationToken);
            var before = await statement.ExecuteScalarAsync(cancellationToken);

            // Takes the connection that was just used, so that the statement comes upon another one where that can
            // happen.
            await using var other = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await other.BeginTransactionAsync(cancellationToken);
            await using var occupy = new NpgsqlCommand("SELECT 1", other, transaction) { CommandTimeout = 5 };
            await occupy.ExecuteScalarAsync(cancellationToken);
            var after = await statement.ExecuteScalarAsync(cancellationToken);
            return migrating && !Equals(before, after)
                ? "The schema cannot be changed through a pooler in transaction mode: let ConnectionStrings:AuthServer name PostgreSQL itself for \"AuthServer migrate\"."
                : null;
        }
        catch (PostgresException e) when (Unprepared.Contains(e.SqlState))
        {
            return "ConnectionStrings:AuthServer leads to a pooler in transaction mode that does not know prepared statements: "
                + "use PgBouncer 1.21 or later with max_prepared_statements = 200, or pool_mode = session.";
        }
    }
}
