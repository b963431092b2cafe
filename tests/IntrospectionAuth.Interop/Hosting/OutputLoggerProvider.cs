using IntrospectionAuth.Interop.Processes;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Interop.Hosting;

/// <summary>Writes the log as the console of a process does, so that tests read both alike.</summary>
internal sealed class OutputLoggerProvider(OutputLog output) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, output);

    public void Dispose() { }

    private sealed class Logger(string category, OutputLog output) : ILogger
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
            string line = $"{Name(logLevel)}: {category}[{eventId.Id}]{Environment.NewLine}      {formatter(state, exception)}";
            output.AddLine(exception is null ? line : $"{line}{Environment.NewLine}      {exception}");
        }

        private static string Name(LogLevel level) =>
            level switch
            {
                LogLevel.Trace => "trce",
                LogLevel.Debug => "dbug",
                LogLevel.Information => "info",
                LogLevel.Warning => "warn",
                LogLevel.Error => "fail",
                _ => "crit",
            };
    }
}
