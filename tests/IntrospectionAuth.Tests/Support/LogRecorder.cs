using IntrospectionAuth.Tests.Claims;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Support;

/// <summary>Keeps everything that is logged, exceptions and scopes included.</summary>
internal sealed class LogRecorder : ILoggerProvider
{
    private readonly Journal<LogEntry> _entries = new();

    public IReadOnlyCollection<LogEntry> Entries => _entries;

    public string Text => string.Join('\n', _entries.Select(entry => entry.Text));

    public int Count(string eventName) => _entries.Count(entry => entry.Event.Name == eventName);

    /// <summary>Waits until a message has been logged that many times.</summary>
    public Task WaitForAsync(string eventName, int count = 1) => WaitForAsync(entry => entry.Event.Name == eventName, count);

    public Task WaitForAsync(Func<LogEntry, bool> isAwaited, int count = 1) => _entries.WaitForAsync(isAwaited, count);

    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, _entries);

    public void Dispose() { }

    private sealed class Recorder(string category, Journal<LogEntry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            entries.Add(new LogEntry(category, LogLevel.Trace, default, Describe(state)));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => entries.Add(new LogEntry(category, logLevel, eventId, $"{formatter(state, exception)} {Describe(state)} {exception}"));

        private static string Describe<TState>(TState state) =>
            state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"))
                : $"{state}";
    }
}
