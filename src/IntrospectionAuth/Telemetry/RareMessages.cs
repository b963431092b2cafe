using System.Collections.Concurrent;
using IntrospectionAuth.Telemetry;

namespace IntrospectionAuth;

/// <summary>
/// Limits messages that callers or a failing server can cause with every request to one or a few a minute, for each scheme and message.
/// </summary>
/// <remarks>A message that is logged only when its condition begins or changes uses a <see cref="RareMessage"/>.</remarks>
internal sealed class RareMessages
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Scheme, string Message), Entry> _entries = new();

    /// <summary>Whether to log a message now, and how many were suppressed before it.</summary>
    /// <remarks>Only timestamps of the clock are used, so a clock that is set back suppresses no message.</remarks>
    public bool IsDue(string scheme, string message, TimeProvider time, out long suppressed, int perMinute = 1) =>
        _entries.GetOrAdd((scheme, message), static _ => new Entry()).IsDue(time, perMinute, out suppressed);

    /// <summary>Records that the condition has ended, so that its next occurrence is logged at once.</summary>
    public void End(string scheme, string message)
    {
        if (_entries.TryGetValue((scheme, message), out Entry? entry))
            entry.End();
    }

    private sealed class Entry
    {
        private readonly Lock _lock = new();
        private long? _begunAt; // timestamp of the first message of the current minute
        private int _logged; // in the current minute
        private long _suppressed;

        public bool IsDue(TimeProvider time, int perMinute, out long suppressed)
        {
            lock (_lock)
            {
                long now = time.GetTimestamp();
                bool isSameMinute =
                    _begunAt is { } begunAt && time.GetElapsedTime(begunAt, now) is var age && age >= TimeSpan.Zero && age < s_interval;
                if (isSameMinute && _logged >= perMinute)
                {
                    suppressed = 0;
                    _suppressed++;
                    return false;
                }

                if (!isSameMinute)
                {
                    _begunAt = now;
                    _logged = 0;
                }

                _logged++;
                suppressed = _suppressed;
                _suppressed = 0;
                return true;
            }
        }

        public void End()
        {
            lock (_lock)
                _begunAt = null;
        }
    }
}
