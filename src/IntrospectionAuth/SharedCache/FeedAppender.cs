using IntrospectionAuth.Removals;

namespace IntrospectionAuth.SharedCache;

/// <summary>Appends the removals of this node to a feed, and again those that the engine may have lost.</summary>
internal sealed class FeedAppender(
    FleetSecret secret,
    IFleetEngine engine,
    RemovalLog log,
    EngineCondition condition,
    FleetMetrics metrics,
    TimeProvider time
)
{
    /// <summary>The number of messages that the engine keeps. A message has up to 100 removals.</summary>
    public const int Capacity = 10_000;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    private readonly PendingRemovals _pending = new(log);
    private readonly RecentRemovals _recent = new(time);

    /// <summary>The messages that were appended since the latest reading, by number.</summary>
    public Dictionary<long, byte[]> Unread { get; } = [];

    /// <summary>The removals that the engine does not have yet.</summary>
    public IReadOnlyList<Removal> Unreported => _pending.Unreported;

    public void Add(Removal removal) => _pending.Add(removal);

    /// <summary>Requests a message even if nothing is pending, so that later entries have a higher position.</summary>
    public void AddMarker() => _pending.AddMarker();

    /// <summary>Notes what was read, and makes pending again what the engine may have lost.</summary>
    public void Note(FeedChanges changes, bool mayHaveLost)
    {
        List<Removal> read = [.. changes.Removals.Select(static it => it.Removal)];
        _pending.EndRepetition(read);
        if (mayHaveLost || changes.LacksOwnMessage)
            _pending.Repeat(_recent.FindMissing(read));
        _recent.Add(read);
        Unread.Clear();
    }

    /// <returns>Whether something was appended, so that the feed is to be read again at once.</returns>
    public async Task<bool> AppendAsync()
    {
        if (_pending.Take() is not { } removals)
            return false;

        long recoveries = condition.Recoveries;
        try
        {
            byte[] message = RemovalMessage.Seal(removals, secret);
            long number = await TimeLimited.RunAsync(it => engine.AppendAsync(secret.FeedName, message, Capacity, it), s_timeout, time);
            Unread[number] = message;
            _recent.Add(removals);
            _pending.End(removals, number);
            condition.Works(EngineUse.Removals);
            return true;
        }
        catch (Exception exception)
        {
            // The engine may have appended the message nevertheless. Then it is appended twice.
            _pending.Return(removals);
            metrics.OperationFailed("append", exception);
            condition.Fails(EngineUse.Removals, exception, recoveries);
            return false;
        }
    }
}
