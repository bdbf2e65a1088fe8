using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Data;

/// <summary>
/// SQLite has one writer. Waiting for it inside the driver means sleeping 150 ms on the thread and trying again, so writers
/// queue here instead: whoever writes holds the gate for the length of its transaction.
/// </summary>
internal sealed class SqliteWriteGate : IDisposable
{
    /// <summary>Longer than any honest transaction: who waits this long has found a bug, not a queue.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _gate = new(1, 1);

    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (!await _gate.WaitAsync(Patience, cancellationToken))
        {
            throw new TimeoutException("The SQLite write gate was held for too long.");
        }
    }

    public void Enter()
    {
        if (!_gate.Wait(Patience))
        {
            throw new TimeoutException("The SQLite write gate was held for too long.");
        }
    }

    public void Leave() => _gate.Release();

    public void Dispose() => _gate.Dispose();
}

/// <summary>Takes the gate when one context begins to write, and gives it back when it is done. One instance per context.</summary>
internal sealed class SqliteGateKeeper(SqliteWriteGate gate)
    : DbCommandInterceptor, IDbTransactionInterceptor, IDbConnectionInterceptor
{
    private bool _holding;

    public InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        gate.Enter();
        _holding = true;
        return result;
    }

    public async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection,
        TransactionStartingEventData eventData,
        InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken = default)
    {
        await gate.EnterAsync(cancellationToken);
        _holding = true;
        return result;
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Leave();

    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave();
        return Task.CompletedTask;
    }

    public void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Leave();

    public Task TransactionRolledBackAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave();
        return Task.CompletedTask;
    }

    // A transaction that is disposed of without a word closes its connection: that is the end of it too.
    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Leave();

    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Leave();
        return Task.CompletedTask;
    }

    public void ConnectionDisposed(DbConnection connection, ConnectionEndEventData eventData) => Leave();

    public Task ConnectionDisposedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Leave();
        return Task.CompletedTask;
    }

    // ExecuteUpdate, ExecuteDelete and raw statements outside a transaction are transactions of their own.
    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        if (command.Transaction is null && !_holding)
        {
            gate.Enter();
            _holding = true;
        }

        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (command.Transaction is null && !_holding)
        {
            await gate.EnterAsync(cancellationToken);
            _holding = true;
        }

        return result;
    }

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        LeaveAfter(command);
        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        LeaveAfter(command);
        return ValueTask.FromResult(result);
    }

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => LeaveAfter(command);

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        LeaveAfter(command);
        return Task.CompletedTask;
    }

    public override void CommandCanceled(DbCommand command, CommandEndEventData eventData) => LeaveAfter(command);

    public override Task CommandCanceledAsync(
        DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        LeaveAfter(command);
        return Task.CompletedTask;
    }

    private void LeaveAfter(DbCommand command)
    {
        if (command.Transaction is null)
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (_holding)
        {
            _holding = false;
            gate.Leave();
        }
    }
}

/// <summary>Settings a SQLite connection forgets when it closes.</summary>
internal sealed class SqliteConnectionSettings : DbConnectionInterceptor
{
    /// <summary>FULL: a commit that was acknowledged survives a power cut, in WAL mode too.</summary>
    public const string Pragmas = "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
