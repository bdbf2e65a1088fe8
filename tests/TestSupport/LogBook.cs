using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TestSupport;

/// <summary>One line of the server's log.</summary>
public sealed record LogLine(LogLevel Level, string Category, int Id, string Text);

/// <summary>Everything the server logged, for tests that look for a line, or for what must never be in one.</summary>
public sealed class LogBook : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    public IReadOnlyCollection<LogLine> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Writer(categoryName, _lines);

    public override string ToString() =>
        string.Join('\n', _lines.Select(line => $"{line.Level} {line.Category}[{line.Id}] {line.Text}"));

    public void Dispose() { }

    private sealed class Writer(string category, ConcurrentQueue<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var text = formatter(state, exception);
            lines.Enqueue(
                new LogLine(logLevel, category, eventId.Id, exception is null ? text : $"{text}\n{exception}")
            );
        }
    }
}
