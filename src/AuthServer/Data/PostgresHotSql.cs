using Npgsql;

namespace AuthServer.Data;

/// <summary>
/// <see cref="HotSql"/> on PostgreSQL: the data source's pool, statements prepared by Npgsql after a few uses.
/// </summary>
internal sealed class PostgresHotSql(NpgsqlDataSource source) : HotSql
{
    public override async ValueTask<T?> ReadOneAsync<T>(
        string sql,
        Func<HotRow, T> read,
        CancellationToken cancellationToken,
        params object?[] parameters
    )
        where T : class
    {
        await using var command = source.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(Parameter(parameter));
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? read(new HotRow(reader, instantsAreTicks: false)) : null;
    }

    public override ValueTask<T?> WriteOneAsync<T>(
        string sql,
        Func<HotRow, T> read,
        CancellationToken cancellationToken,
        params object?[] parameters
    )
        where T : class => ReadOneAsync(sql, read, cancellationToken, parameters);

    public override async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "INSERT INTO log_in_throttles (key, failures, last_failure_at) VALUES ($1, 0, now())",
            connection,
            transaction
        )
        {
            Parameters = { Parameter($"probe:{Guid.NewGuid():N}") },
            CommandTimeout = 4, // seconds
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
    }

    private static NpgsqlParameter Parameter(object? value) =>
        value switch
        {
            Guid id => new NpgsqlParameter<Guid> { TypedValue = id },
            string text => new NpgsqlParameter<string> { TypedValue = text },
            bool flag => new NpgsqlParameter<bool> { TypedValue = flag },
            byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes },
            DateTimeOffset instant => new NpgsqlParameter<DateTime> { TypedValue = instant.UtcDateTime },
            null => new NpgsqlParameter { Value = DBNull.Value },
            _ => throw new InvalidOperationException($"HotSql takes no parameter of type {value.GetType()}."),
        };
}
