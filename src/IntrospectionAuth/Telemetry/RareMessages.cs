using System.Collections.Concurrent;
using IntrospectionAuth.Telemetry;

namespace IntrospectionAuth;

/// <summary>
/// Limits messages that callers or a failing server can cause with every request to one a minute, for each scheme and message.
/// </summary>
/// <remarks>A message that is logged only when its condition begins or changes uses a <see cref="RareMessage"/>.</remarks>
internal sealed class RareMessages
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Scheme, string Message), Entry> _entries = new();

    /// <summary>Whether to log a message now, and how many were suppressed since the last one.</summary>
    /// <remarks>Only timestamps of the clock are used, so a clock that is set back suppresses no message.</remarks>
    public bool IsDue(string scheme, string message, TimeProvider time, out long suppressed) =>
        _entries.GetOrAdd((scheme, message), static _ => new Entry()).IsDue(time, out suppressed);

    /// <summary>Records that the condition has ended, so that its next occurrence is logged at once.</summary>
    public void End(string scheme, string message)
    {
        if (_entries.TryGetValue((scheme, message), out Entry? entry))
            entry.End();
    }

    private sealed class Entry
    {
        private readonly Lock _lock = new();
        private long? _loggedAt; // timestamp
        private long _suppressed;

        public bool IsDue(TimeProvider time, out long suppressed)
        {
            lock (_lock)
            {
                long now = time.GetTimestamp();
                suppressed = _suppressed;
                if (_loggedAt is { } loggedAt && time.GetElapsedTime(loggedAt, now) is var age && age >= TimeSpan.Zero && age < s_interval)
                {
                    _suppressed++;
                    return false;
                }

                _loggedAt = now;
                _suppressed = 0;
                return true;
            }
        }

        public void End()
        {
            lock (_lock)
                _loggedAt = null;
        }
    }
}
