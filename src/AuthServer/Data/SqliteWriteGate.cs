using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Data;

/// <summary>
/// SQLite has one writer. Waiting for it inside the driver means sleeping 150 ms on the thread and trying again, so
/// writers queue here instead: whoever writes holds the gate for the length of its transaction.
/// </summary>
/// <param name="patience">Longer than any honest queue: a writer that waits this long is behind one that waits for
/// another program.</param>
internal sealed class SqliteWriteGate(TimeSpan patience) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <exception cref="DatabaseBusyException">Other writers were in front for too long.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (!await _gate.WaitAsync(patience, cancellationToken))
        {
            throw new DatabaseBusyException();
        }
    }

    /// <inheritdoc cref="EnterAsync"/>
    public void Enter()
    {
        if (!_gate.Wait(patience))
        {
            throw new DatabaseBusyException();
        }
    }

    public void Leave() => _gate.Release();

    public void Dispose() => _gate.Dispose();
}

/// <summary>
/// Takes the gate when one context begins to write, and gives it back when it is done. One instance per context.
/// </summary>
internal sealed class SqliteGateKeeper(SqliteWriteGate gate)
    : DbCommandInterceptor,
        IDbTransactionInterceptor,
        IDbConnectionInterceptor
{
    private bool _holding;

    public InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection,
        TransactionStartingEventData eventData,
        InterceptionResult<DbTransaction> result
    )
    {
        Enter();
        return result;
    }

    public async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection,
        TransactionStartingEventData eventData,
        InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken = default
    )
    {
        await EnterAsync(cancellationToken);
        return result;
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Leave();

    public Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Leave();
        return Task.CompletedTask;
    }

    public void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Leave();

    public Task TransactionRolledBackAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
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
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result
    )
    {
        if (command.Transaction is null)
        {
            Enter();
        }

        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        if (command.Transaction is null)
        {
            await EnterAsync(cancellationToken);
        }

        return result;
    }

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        LeaveAfter(command);
        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        LeaveAfter(command);
        return ValueTask.FromResult(result);
    }

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => LeaveAfter(command);

    public override Task CommandFailedAsync(
        DbCommand command,
        CommandErrorEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        LeaveAfter(command);
        return Task.CompletedTask;
    }

    public override void CommandCanceled(DbCommand command, CommandEndEventData eventData) => LeaveAfter(command);

    public override Task CommandCanceledAsync(
        DbCommand command,
        CommandEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        LeaveAfter(command);
        return Task.CompletedTask;
    }

    // Held already when the last transaction could not be begun: no event tells of that.
    private void Enter()
    {
        if (!_holding)
        {
            gate.Enter();
            _holding = true;
        }
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (!_holding)
        {
            await gate.EnterAsync(cancellationToken);
            _holding = true;
        }
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
