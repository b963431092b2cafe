using System.Net;

namespace IntrospectionAuth.Telemetry;

/// <summary>Decides whether to log a condition: when it begins or changes, and at most once a minute.</summary>
internal sealed class RareMessage(TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _quietUntil = DateTimeOffset.MinValue;
    private (HttpStatusCode?, string?) _current;
    private volatile bool _lasts;

    public bool IsDue((HttpStatusCode?, string?) message)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if ((_lasts && _current == message) || now < _quietUntil)
                return false;

            _current = message;
            _lasts = true;
            _quietUntil = now + s_interval;
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
