using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.TenantResolution;

/// <summary>Adds the name of the tenant to each message, and to its scopes.</summary>
internal class TenantLogger(ILogger logger, string tenant) : ILogger
{
    private readonly KeyValuePair<string, object?>[] _scope = [new("Tenant", LogText.Escape(tenant))];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (!logger.IsEnabled(logLevel))
            return;

        using IDisposable? scope = logger.BeginScope(_scope);
        logger.Log(logLevel, eventId, state, exception, (message, fault) => $"{formatter(message, fault)} (Tenant {_scope[0].Value})");
    }
}
