using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AuthServer.Data;

/// <summary>
/// What a unit of work wants done once it is committed, such as waking a job that sees to the rest. Forgotten when it
/// is rolled back. One instance per scope, like the context.
/// </summary>
internal sealed class AfterCommit : IDbTransactionInterceptor, ISaveChangesInterceptor
{
    private readonly List<Action> _acts = [];

    /// <param name="act">Must not fail, wait or use the database.</param>
    public void Do(Action act) => _acts.Add(act);

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Act();

    public Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Act();
        return Task.CompletedTask;
    }

    public void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => _acts.Clear();

    public Task TransactionRolledBackAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        _acts.Clear();
        return Task.CompletedTask;
    }

    // PostgreSQL commits a single statement without a transaction that we would hear of.
    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        if (eventData.Context?.Database.CurrentTransaction is null)
        {
            Act();
        }

        return result;
    }

    public ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult(SavedChanges(eventData, result));

    private void Act()
    {
        foreach (var act in _acts)
        {
            act();
        }

        _acts.Clear();
    }
}
