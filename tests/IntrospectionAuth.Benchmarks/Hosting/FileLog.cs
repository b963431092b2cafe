using System.Globalization;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Benchmarks.Hosting;

/// <summary>
/// Writes the library's log, and every error, to a file, with the time to the millisecond, so that a wrong response can be explained.
/// </summary>
internal sealed class FileLog(string path) : ILoggerProvider
{
    private readonly StreamWriter _writer = new(path) { AutoFlush = true };
    private readonly Lock _lock = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => _writer.Dispose();

    private void Write(string line)
    {
        lock (_lock)
            _writer.WriteLine(line);
    }

    private sealed class Logger(FileLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= LogLevel.Error
            || (logLevel >= LogLevel.Information && category.StartsWith("IntrospectionAuth", StringComparison.Ordinal));

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                log.Write(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel} {category}: {formatter(state, exception)} "
                            + $"{exception?.GetType().Name} {exception?.Message}"
                    )
                );
            }
        }
    }
}
