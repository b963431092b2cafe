using System.Collections.Concurrent;
using IntrospectionAuth.Telemetry;

namespace IntrospectionAuth;

/// <summary>
/// Keeps messages that callers or a failing server provoke from being logged once for each request: at most one a minute for each scheme
/// and message.
/// </summary>
/// <remarks>What is said only when it begins or changes has a <see cref="RareMessage"/> of its own.</remarks>
internal sealed class RareMessages
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Scheme, string Message), Entry> _entries = new();

    /// <summary>Decides whether a message is to be logged now.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="message">The name of the message.</param>
    /// <param name="time">The scheme's clock, of which only timestamps are used: a clock that is set back silences nothing.</param>
    /// <param name="suppressed">How many were not logged since the last one that was.</param>
    public bool IsDue(string scheme, string message, TimeProvider time, out long suppressed) =>
        _entries.GetOrAdd((scheme, message), static _ => new Entry()).IsDue(time, out suppressed);

    /// <summary>Notes that what a message reported is over: should it happen again, that is logged at once.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="message">The name of the message.</param>
    public void End(string scheme, string message)
    {
        if (_entries.TryGetValue((scheme, message), out Entry? entry))
            entry.End();
    }

    private sealed class Entry
    {
        private readonly Lock _lock = new();
        private long? _saidAt; // timestamp
        private long _suppressed;

        public bool IsDue(TimeProvider time, out long suppressed)
        {
            lock (_lock)
            {
                long now = time.GetTimestamp();
                suppressed = _suppressed;
                if (_saidAt is { } saidAt && time.GetElapsedTime(saidAt, now) is var age && age >= TimeSpan.Zero && age < s_interval)
                {
                    _suppressed++;
                    return false;
                }

                _saidAt = now;
                _suppressed = 0;
                return true;
            }
        }

        public void End()
        {
            lock (_lock)
                _saidAt = null;
        }
    }
}
