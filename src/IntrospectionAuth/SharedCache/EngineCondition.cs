using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.SharedCache;

/// <summary>Whether the engine works, for the health check. Logs once when the engine begins to fail and once when it works.</summary>
internal sealed class EngineCondition(string engine, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly HashSet<EngineUse> _failing = [];

    /// <summary>Whether every use works.</summary>
    public bool IsGood
    {
        get
        {
            lock (_lock)
                return _failing.Count == 0;
        }
    }

    public void Fails(EngineUse use, Exception? exception)
    {
        bool isFirst;
        lock (_lock)
        {
            isFirst = _failing.Count == 0;
            _failing.Add(use);
        }

        if (isFirst)
            logger.SharedCacheFails(engine, exception?.GetType().Name ?? "", exception);
    }

    public void Works(EngineUse use)
    {
        bool isLast;
        lock (_lock)
            isLast = _failing.Remove(use) && _failing.Count == 0;

        if (isLast)
            logger.SharedCacheWorks(engine);
    }
}
