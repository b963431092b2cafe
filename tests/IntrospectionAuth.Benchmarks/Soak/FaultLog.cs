namespace IntrospectionAuth.Benchmarks.Soak;

/// <summary>Records the faults of one kind or place, and how long the effects of each are allowed.</summary>
internal sealed class FaultLog
{
    private readonly Lock _gate = new();
    private (DateTimeOffset Start, DateTimeOffset End)[] _windows = [];

    public void Begin(DateTimeOffset now)
    {
        lock (_gate)
            _windows = [.. _windows, (now, DateTimeOffset.MaxValue)];
    }

    /// <summary>Ends the fault.</summary>
    /// <param name="excusedUntil">When its effects must have ended.</param>
    public void End(DateTimeOffset excusedUntil)
    {
        lock (_gate)
            _windows = [.. _windows[..^1], (_windows[^1].Start, excusedUntil)];
    }

    /// <summary>Whether the effects of a fault are allowed at any time in between.</summary>
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
