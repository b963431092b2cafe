using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.SharedCache;

/// <summary>
/// Whether the engine works, for the health check. Logs when the engine begins to fail and when it works again, at most once a minute.
/// </summary>
internal sealed class EngineCondition(string engine, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly HashSet<EngineUse> _failing = [];
    private long _recoveries;
    private long? _loggedAt; // timestamp
    private bool _isLogged;

    /// <summary>Whether every use works.</summary>
    public bool IsGood
    {
        get
        {
            lock (_lock)
                return _failing.Count == 0;
        }
    }

    /// <summary>How often any use that failed has worked again.</summary>
    public long Recoveries
    {
        get
        {
            lock (_lock)
                return _recoveries;
        }
    }

    public bool IsFailing(EngineUse use)
    {
        lock (_lock)
            return _failing.Contains(use);
    }

    /// <param name="use">What the engine was used for.</param>
    /// <param name="exception">Why it failed.</param>
    /// <param name="since">
    /// The <see cref="Recoveries"/> when the operation began: one that fails after a recovery, but began before it, says nothing about the
    /// engine now.
    /// </param>
    public void Fails(EngineUse use, Exception? exception, long since)
    {
        lock (_lock)
        {
            if (since != _recoveries)
                return;

            _failing.Add(use);
            if (_isLogged || (_loggedAt is { } at && time.GetElapsedTime(at) < s_interval))
                return;

            _loggedAt = time.GetTimestamp();
            _isLogged = true;
        }

        logger.SharedCacheFails(engine, exception?.GetType().Name ?? "", exception);
    }

    /// <returns>Whether the use had failed.</returns>
    public bool Works(EngineUse use)
    {
        lock (_lock)
        {
            if (!_failing.Remove(use))
                return false;

            _recoveries++;
            if (_failing.Count > 0 || !_isLogged)
                return true;

            _isLogged = false;
        }

        logger.SharedCacheWorks(engine);
        return true;
    }
}
