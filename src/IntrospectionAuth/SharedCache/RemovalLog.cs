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
    /// <summary>The position of the oldest entry that can be compared while none can: the numbers may belong to other messages.</summary>
    public const long Never = long.MaxValue;

    private const long PositionOfPending = long.MaxValue;

    private readonly Lock _lock = new();
    private readonly RemovalSet _removals = new();
    private readonly RemovalSet _pending = new();
    private readonly Queue<(RemovalKind Kind, string Value, long Position)> _order = [];
    private long _oldestComparable = Never;
    private long _position;

    /// <summary>The number of the latest message that was read; null while no entry can be compared.</summary>
    public long? Position
    {
        get
        {
            lock (_lock)
                return _oldestComparable == Never ? null : _position;
        }
    }

    /// <summary>Whether the feed was read and has no removal, and none is to be appended.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _oldestComparable != Never && _order.Count == 0 && _pending.Count == 0;
        }
    }

    /// <summary>Adds what was read, in one step.</summary>
    /// <param name="removals">The removals with the numbers of their messages.</param>
    /// <param name="position">The number of the latest message.</param>
    /// <param name="oldestComparable">
    /// Where the log begins again: the position of the oldest entry that can be compared, or <see cref="Never"/>. Null continues the log.
    /// </param>
    public void Add(IEnumerable<(Removal Removal, long Number)> removals, long position, long? oldestComparable)
    {
        lock (_lock)
        {
            if (oldestComparable is { } oldest)
            {
                _removals.Clear();
                _order.Clear();
                _oldestComparable = oldest;
            }

            foreach ((Removal removal, long number) in removals)
                Add(removal.Kind, ValueOf(removal), number);
            _position = position;
        }
    }

    /// <summary>Adds a removal that has no number yet. It concerns every entry.</summary>
    public void AddPending(Removal removal)
    {
        lock (_lock)
            _pending.Add(removal.Kind, ValueOf(removal), PositionOfPending);
    }

    /// <summary>Replaces the pending removals, because some have a number now or because there are too many.</summary>
    /// <param name="pending">The removals that are pending still.</param>
    /// <param name="appended">The removals that have the number.</param>
    /// <param name="number">The number of their message. It is read back later: until then <see cref="Position"/> stays.</param>
    public void ReplacePending(IReadOnlyList<Removal> pending, IReadOnlyList<Removal> appended, long number)
    {
        lock (_lock)
        {
            foreach (Removal removal in appended)
                Add(removal.Kind, ValueOf(removal), number);

            _pending.Clear();
            foreach (Removal removal in pending)
                _pending.Add(removal.Kind, ValueOf(removal), PositionOfPending);
        }
    }

    /// <summary>Whether the response was removed after the position at which it was requested, or may have been.</summary>
    public bool IsRemoved(in SharedResponse response, long position)
    {
        lock (_lock)
            return position < _oldestComparable || response.IsIn(_removals, after: position) || response.IsIn(_pending, after: position);
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
            if (_oldestComparable != Never)
                _oldestComparable = Math.Max(_oldestComparable, oldPosition);
        }
    }
}
