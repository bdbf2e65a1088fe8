using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace TestSupport;

/// <summary>A statement as it was sent, with what its parameters were.</summary>
public sealed record RecordedStatement(string Text, IReadOnlyDictionary<string, object?> Parameters);

/// <summary>
/// Records the statements that Entity Framework sends while it lives, on the flow that made it and what that flow
/// calls.
/// </summary>
public sealed class StatementRecorder
    : IObserver<DiagnosticListener>,
        IObserver<KeyValuePair<string, object?>>,
        IDisposable
{
    private readonly AsyncLocal<bool> _mine = new() { Value = true };
    private readonly ConcurrentQueue<RecordedStatement> _statements = new();
    private readonly List<IDisposable> _subscriptions = [];

    public StatementRecorder() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    public IReadOnlyCollection<RecordedStatement> Statements => _statements;

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (
            _mine.Value
            && value.Key == RelationalEventId.CommandExecuting.Name
            && value.Value is CommandEventData { Command: var command }
        )
        {
            _statements.Enqueue(
                new RecordedStatement(
                    command.CommandText,
                    command.Parameters.Cast<DbParameter>().ToDictionary(p => p.ParameterName, p => p.Value)
                )
            );
        }
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());
}
