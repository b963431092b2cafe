namespace IntrospectionAuth.Benchmarks.Fleet;

/// <summary>When the feed did not work, and on which nodes.</summary>
internal sealed class FaultWindows
{
    private readonly Lock _lock = new();
    private Window[] _windows = [];

    /// <param name="name">The name of the fault.</param>
    /// <param name="nodes">The numbers of the affected nodes.</param>
    /// <param name="now">The time.</param>
    public void Begin(string name, IReadOnlyList<int> nodes, DateTimeOffset now)
    {
        lock (_lock)
            _windows = [.. _windows, new(name, nodes, now, DateTimeOffset.MaxValue)];
    }

    /// <summary>Ends the fault: the feed works again on every node.</summary>
    public void End(DateTimeOffset now)
    {
        lock (_lock)
            _windows = [.. _windows[..^1], _windows[^1] with { End = now }];
    }

    /// <summary>The last request with a removed token that may be accepted must be sent by this time.</summary>
    /// <param name="removedAt">When the removal was accepted.</param>
    /// <param name="removedOn">The number of the node that accepted it.</param>
    public DateTimeOffset FindLimit(DateTimeOffset removedAt, int removedOn)
    {
        foreach (Window window in _windows)
        {
            if (window.Start > removedAt + FleetSettings.Promise || window.End < removedAt)
                continue;

            // A node that alone is cut off reports its removals when it is back. docs/fleet.md says that this case has no bound.
            DateTimeOffset limit = removedAt + FleetSettings.Patience + FleetSettings.Promise;
            bool isAlone = window.Nodes.Count == 1 && window.Nodes[0] == removedOn;
            return isAlone && (window.End == DateTimeOffset.MaxValue || window.End + FleetSettings.Promise > limit)
                ? window.End == DateTimeOffset.MaxValue
                    ? window.End
                    : window.End + FleetSettings.Promise
                : limit;
        }

        return removedAt + FleetSettings.Promise;
    }

    /// <summary>Names the fault at this time, for the report.</summary>
    public string Describe(DateTimeOffset at) =>
        _windows.LastOrDefault(window => window.Start <= at) is { } window
            ? FormattableString.Invariant(
                $"latest fault: {window.Name} on {string.Join('+', window.Nodes)} {window.Start:HH:mm:ss.fff} to {window.End:HH:mm:ss.fff}"
            )
            : "no fault yet";

    private sealed record Window(string Name, IReadOnlyList<int> Nodes, DateTimeOffset Start, DateTimeOffset End);
}
