namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>Records the faults, and how long each allows a 503.</summary>
internal sealed class FaultLog
{
    private readonly Lock _gate = new();
    private (DateTimeOffset Start, DateTimeOffset End)[] _windows = [];

    public void Begin(DateTimeOffset now)
    {
        lock (_gate)
            _windows = [.. _windows, (now, DateTimeOffset.MaxValue)];
    }

    /// <summary>Ends the fault. Affected calls may last until their timeout, and the API may pause after that.</summary>
    public void End(DateTimeOffset now, TimeSpan retryAfter)
    {
        TimeSpan pause = retryAfter > SoakSettings.Pause ? retryAfter : SoakSettings.Pause;
        lock (_gate)
            _windows = [.. _windows[..^1], (_windows[^1].Start, now + SoakSettings.Timeout + pause + SoakSettings.Slack)];
    }

    /// <summary>Whether a 503 is allowed at any time in between.</summary>
    public bool Excuse(DateTimeOffset from, DateTimeOffset to)
    {
        foreach ((DateTimeOffset start, DateTimeOffset end) in Volatile.Read(ref _windows))
        {
            if (start <= to && from <= end)
                return true;
        }

        return false;
    }
}
