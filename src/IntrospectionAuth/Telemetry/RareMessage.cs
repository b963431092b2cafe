using System.Net;

namespace IntrospectionAuth.Telemetry;

/// <summary>Decides whether to log a condition: when it begins or changes, and at most once a minute.</summary>
internal sealed class RareMessage(TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _loggedAt; // a timestamp: a clock that is set back suppresses no message
    private (HttpStatusCode?, string?) _current;
    private volatile bool _lasts;

    public bool IsDue((HttpStatusCode?, string?) message)
    {
        lock (_lock)
        {
            if ((_lasts && _current == message) || (_loggedAt is { } at && time.GetElapsedTime(at) < s_interval))
                return false;

            _current = message;
            _lasts = true;
            _loggedAt = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>Records that the condition has ended, so that its next occurrence is a new one.</summary>
    public void End()
    {
        if (!_lasts) // nearly always, so a successful call takes no lock
            return;

        lock (_lock)
            _lasts = false;
    }
}
