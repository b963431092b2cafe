using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Discovery;

/// <summary>Lets a test wait for what happens behind a request's back: until a message has been logged so many times.</summary>
internal sealed class LogSignal : ILoggerProvider, ILogger
{
    private readonly Lock _lock = new();
    private readonly List<string?> _events = [];
    private readonly List<(string Event, int Count, TaskCompletionSource Completion)> _waiting = [];

    public Task WaitForAsync(string eventName, int count = 1)
    {
        lock (_lock)
        {
            var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((eventName, count, completion));
            Wake();
            return completion.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public int Count(string eventName)
    {
        lock (_lock)
            return _events.Count(it => it == eventName);
    }

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
        lock (_lock)
        {
            _events.Add(eventId.Name);
            Wake();
        }
    }

    public void Dispose() { }

    private void Wake()
    {
        foreach ((string name, int count, TaskCompletionSource completion) in _waiting)
        {
            if (_events.Count(it => it == name) >= count)
                completion.TrySetResult();
        }
    }
}
