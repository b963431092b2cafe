using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.TenantResolution;

/// <summary>Adds the name of the tenant to each message, and to its scopes.</summary>
internal sealed class TenantLogger<T>(ILoggerFactory loggers, string tenant) : ILogger<T>
{
    private readonly ILogger _logger = loggers.CreateLogger<T>();
    private readonly KeyValuePair<string, object?>[] _scope = [new("Tenant", LogText.Escape(tenant))];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => _logger.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (!_logger.IsEnabled(logLevel))
            return;

        using IDisposable? scope = _logger.BeginScope(_scope);
        _logger.Log(logLevel, eventId, state, exception, (message, fault) => $"{formatter(message, fault)} (Tenant {_scope[0].Value})");
    }
}
