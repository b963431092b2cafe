using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Integrations.Tests.GrpcServices;

/// <summary>Reads from the log of a gRPC client how long it is going to wait before its next attempt.</summary>
internal sealed class RetryDelayLog : ILoggerProvider, ILogger
{
    private readonly TaskCompletionSource<TimeSpan> _delay = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TimeSpan> Delay => _delay.Task.WaitAsync(TestContext.Current.CancellationToken);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (eventId.Name == "StartingRetryDelay" && state is IEnumerable<KeyValuePair<string, object?>> values)
            _delay.TrySetResult((TimeSpan)values.Single(value => value.Key == "DelayDuration").Value!);
    }

    public void Dispose() { }
}
