using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tool.Settings;

/// <summary>Keeps what the library warns about, which it never does with a token or a secret.</summary>
internal sealed class WarningRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _warnings = new();

    /// <summary>Removes and returns the warnings so far.</summary>
    public IReadOnlyList<string> Take()
    {
        var taken = new List<string>();
        while (_warnings.TryDequeue(out string? warning))
            taken.Add(warning);
        return taken;
    }

    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, _warnings);

    public void Dispose() { }

    private sealed class Recorder(string category, ConcurrentQueue<string> warnings) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel == LogLevel.Warning && category.StartsWith("IntrospectionAuth", StringComparison.Ordinal);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                warnings.Enqueue(formatter(state, exception));
        }
    }
}
