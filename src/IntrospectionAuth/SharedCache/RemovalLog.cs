using IntrospectionAuth.Removals;

namespace IntrospectionAuth.SharedCache;

/// <summary>
/// The removals of one feed that this node has read, and those that it has not yet appended. It decides whether a shared entry may be
/// used: a removal that is newer than the entry must not have removed it.
/// </summary>
/// <remarks>
/// Entries stay in the engine when something is removed, because the engine does not know what they hold. Instead each node compares an
/// entry with the removals since the entry's position. Entries from before the oldest removal that is kept cannot be compared, and are not
/// used.
/// </remarks>
internal sealed class RemovalLog(int capacity)
{
    private const long PositionOfPending = long.MaxValue;

    private readonly Lock _lock = new();
    private readonly RemovalSet _removals = new();
    private readonly RemovalSet _pending = new();
    private readonly Queue<(RemovalKind Kind, string Value, long Position)> _order = [];
    private long _oldestComparable = long.MaxValue;
    private long _position;

    /// <summary>The number of the latest message that was read; null before the first reading.</summary>
    public long? Position
    {
        get
        {
            lock (_lock)
                return _oldestComparable == long.MaxValue ? null : _position;
        }
    }

    /// <summary>Begins the log: entries from before <paramref name="position"/> cannot be compared.</summary>
    public void Begin(long position)
    {
        lock (_lock)
        {
            _removals.Clear();
            _order.Clear();
            _oldestComparable = _position = position;
        }
    }

    /// <summary>Adds the removals of the message with the number <paramref name="position"/>.</summary>
    public void Add(IReadOnlyList<Removal> removals, long position)
    {
        lock (_lock)
        {
            foreach (Removal removal in removals)
                Add(removal.Kind, ValueOf(removal), position);
            _position = position;
        }
    }

    /// <summary>Adds a removal that has no number yet. It concerns every entry.</summary>
    public void AddPending(Removal removal)
    {
        lock (_lock)
            _pending.Add(removal.Kind, ValueOf(removal), PositionOfPending);
    }

    /// <summary>Gives the number of their message to removals that were pending.</summary>
    /// <remarks>The message is read back later. Until then <see cref="Position"/> stays where it is.</remarks>
    public void EndPending(IReadOnlyList<Removal> appended, long number, IReadOnlyList<Removal> stillPending)
    {
        lock (_lock)
        {
            foreach (Removal removal in appended)
                Add(removal.Kind, ValueOf(removal), number);

            _pending.Clear();
            foreach (Removal removal in stillPending)
                _pending.Add(removal.Kind, ValueOf(removal), PositionOfPending);
        }
    }

    /// <summary>Whether the response was removed after the position at which it was requested, or may have been.</summary>
    public bool IsRemoved(in SharedResponse response, long? position)
    {
        lock (_lock)
        {
            return position is not { } at
                || at < _oldestComparable
                || response.IsIn(_removals, after: at)
                || response.IsIn(_pending, after: at);
        }
    }

    private static string ValueOf(Removal removal) => removal.Kind == RemovalKind.Token ? Removal.HashToken(removal.Value) : removal.Value;

    private void Add(RemovalKind kind, string value, long position)
    {
        _removals.Add(kind, value, position);
        _order.Enqueue((kind, value, position));
        while (_order.Count > capacity)
        {
            (RemovalKind oldKind, string oldValue, long oldPosition) = _order.Dequeue();
            _removals.Remove(oldKind, oldValue, oldPosition);
            _oldestComparable = Math.Max(_oldestComparable, oldPosition);
        }
    }
}
