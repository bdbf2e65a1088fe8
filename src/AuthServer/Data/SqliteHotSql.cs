using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace AuthServer.Data;

/// <summary>
/// <see cref="HotSql"/> on SQLite. Readers take a connection from a bag, with its statements already compiled. Writers
/// queue for one connection, and whatever has queued up while the last transaction was being made durable goes into the
/// next one: many writes, one wait for the disk.
/// </summary>
internal sealed class SqliteHotSql : HotSql, IAsyncDisposable
{
    /// <summary>Writes in one transaction at most.</summary>
    private const int BatchSize = 64;

    private readonly SqliteConnectionSettings _settings;
    private readonly SqliteWriteGate _gate;
    private readonly ConcurrentBag<PreparedConnection> _readers = [];
    private readonly Channel<IWrite> _writes = Channel.CreateUnbounded<IWrite>(new() { SingleReader = true });
    private readonly Task _writing;

    public SqliteHotSql(SqliteConnectionSettings settings, SqliteWriteGate gate)
    {
        (_settings, _gate) = (settings, gate);
        _writing = Task.Run(WriteBatchesAsync);
    }

    public override ValueTask<T?> ReadOneAsync<T>(
        string sql,
        Func<HotRow, T> read,
        CancellationToken cancellationToken,
        params object?[] parameters
    )
        where T : class
    {
        // Not given back when it throws: a connection that failed is not worth keeping.
        var connection = _readers.TryTake(out var kept) ? kept : new PreparedConnection(_settings);
        var row = connection.One(sql, read, parameters);
        _readers.Add(connection);
        return ValueTask.FromResult(row);
    }

    public override async ValueTask<T?> WriteOneAsync<T>(
        string sql,
        Func<HotRow, T> read,
        CancellationToken cancellationToken,
        params object?[] parameters
    )
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        var write = new Write<T>(sql, read, parameters);
        if (!_writes.Writer.TryWrite(write))
        {
            throw new InvalidOperationException("The server is stopping.");
        }

        return await write.Done;
    }

    /// <remarks>
    /// SQLite writes to the disk when it commits, or before when its cache is full. So the cache is made small here and
    /// what is written large, which finds a full disk without a commit.
    /// </remarks>
    public override async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        const int Bytes = 128 * 1024;
        await _gate.EnterAsync(cancellationToken);
        try
        {
            using var connection = new SqliteConnection(_settings.ConnectionString + ";Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = _settings.Pragmas + "PRAGMA cache_size = 1";
            command.ExecuteNonQuery();
            using var transaction = connection.BeginTransaction(deferred: false);
            command.Transaction = transaction;
            command.CommandText =
                $"INSERT INTO log_in_throttles (key, failures, last_failure_at) VALUES ('probe:' || hex(zeroblob({Bytes / 2})), 0, 0)";
            command.ExecuteNonQuery();
            transaction.Rollback();
        }
        finally
        {
            _gate.Leave();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _writing;
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }
    }

    private async Task WriteBatchesAsync()
    {
        PreparedConnection? connection = null;
        var batch = new List<IWrite>(BatchSize);
        while (await _writes.Reader.WaitToReadAsync())
        {
            try
            {
                await _gate.EnterAsync(CancellationToken.None);
                try
                {
                    connection ??= new PreparedConnection(_settings);
                    RunBatch(connection, batch);
                }
                finally
                {
                    _gate.Leave();
                }
            }
            catch (Exception failure)
            {
                // In an outage what has queued up behind the batch would only wait for the same failure.
                while (DatabaseOutage.Caused(failure) && _writes.Reader.TryRead(out var write))
                {
                    batch.Add(write);
                }

                batch.ForEach(write => write.Fail(failure));
                connection?.Dispose();
                connection = null;
                batch.Clear();
            }

            // Only now is it durable, and only now may anybody be told.
            batch.ForEach(write => write.Tell());
            batch.Clear();
        }

        connection?.Dispose();
    }

    private void RunBatch(PreparedConnection connection, List<IWrite> batch)
    {
        using var transaction = connection.Begin();
        while (batch.Count < BatchSize && _writes.Reader.TryRead(out var write))
        {
            batch.Add(write);
            write.Run(connection);
        }

        transaction.Commit();
    }

    private interface IWrite
    {
        void Run(PreparedConnection connection);

        void Tell();

        void Fail(Exception failure);
    }

    private sealed class Write<T>(string sql, Func<HotRow, T> read, object?[] parameters) : IWrite
        where T : class
    {
        private readonly TaskCompletionSource<T?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _row;
        private SqliteException? _refusal;

        public Task<T?> Done => _done.Task;

        // SQLite undoes a statement that breaks a constraint and goes on with the transaction: the others in it lose
        // nothing.
        public void Run(PreparedConnection connection)
        {
            try
            {
                _row = connection.One(sql, read, parameters);
            }
            catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT)
            {
                _refusal = e;
            }
        }

        public void Tell()
        {
            if (_refusal is null)
            {
                _done.TrySetResult(_row);
            }
            else
            {
                _done.TrySetException(_refusal);
            }
        }

        public void Fail(Exception failure) => _done.TrySetException(failure);
    }

    /// <summary>An open connection and the statements compiled on it.</summary>
    private sealed class PreparedConnection : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly Dictionary<string, SqliteCommand> _commands = [];
        private SqliteTransaction? _transaction;

        public PreparedConnection(SqliteConnectionSettings settings)
        {
            _connection = new SqliteConnection(settings.ConnectionString);
            _connection.Open();
            using var pragmas = _connection.CreateCommand();
            pragmas.CommandText = settings.Pragmas;
            pragmas.ExecuteNonQuery();
        }

        public SqliteTransaction Begin() => _transaction = _connection.BeginTransaction(deferred: false);

        public T? One<T>(string sql, Func<HotRow, T> read, object?[] parameters)
            where T : class
        {
            if (!_commands.TryGetValue(sql, out var command))
            {
                command = _connection.CreateCommand();
                command.CommandText = sql;
                for (var i = 0; i < parameters.Length; i++)
                {
                    command.Parameters.Add(new SqliteParameter { ParameterName = "$" + (i + 1) });
                }

                _commands.Add(sql, command);
            }

            command.Transaction = _transaction is { Connection: not null } ? _transaction : null;
            for (var i = 0; i < parameters.Length; i++)
            {
                command.Parameters[i].Value = parameters[i] switch
                {
                    null => DBNull.Value,
                    DateTimeOffset instant => instant.UtcTicks,
                    var value => value,
                };
            }

            using var reader = command.ExecuteReader();
            return reader.Read() ? read(new HotRow(reader, instantsAreTicks: true)) : null;
        }

        public void Dispose()
        {
            foreach (var command in _commands.Values)
            {
                command.Dispose();
            }

            _connection.Dispose();
        }
    }
}
