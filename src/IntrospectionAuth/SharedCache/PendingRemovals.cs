using IntrospectionAuth.Removals;

namespace IntrospectionAuth.SharedCache;

/// <summary>The removals of this node that are still to be appended to the feed.</summary>
internal sealed class PendingRemovals(RemovalLog log)
{
    private const int MaximumCount = 10_000;
    private const int MaximumPerMessage = 100;
    private const int MaximumMessageLength = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Removal> _pending = [];
    private bool _needsMarker;

    /// <summary>Adds a removal. When there are too many, they become one removal of everything.</summary>
    public void Add(Removal removal)
    {
        lock (_lock)
        {
            if (_pending is [{ Kind: RemovalKind.Everything }])
                return; // it removes this as well

            _pending.Add(removal);
            if (_pending.Count <= MaximumCount)
            {
                log.AddPending(removal);
                return;
            }

            _pending.Clear();
            _pending.Add(Removal.Everything);
            log.ReplacePending(_pending, [], number: 0);
        }
    }

    /// <summary>Requests a message even if nothing is pending: entries that are written after it have a higher position.</summary>
    public void AddMarker() => _needsMarker = true;

    /// <summary>Takes the removals of the next message; null when none is to be appended.</summary>
    /// <remarks>Then either <see cref="End"/> or <see cref="Return"/> is called.</remarks>
    public Removal[]? Take()
    {
        lock (_lock)
        {
            int length = 0;
            Removal[] next = [.. _pending.Take(MaximumPerMessage).TakeWhile(it => (length += it.Value.Length) <= MaximumMessageLength)];
            if (next.Length == 0 && _pending.Count > 0)
                next = [_pending[0]]; // a long one alone
            _pending.RemoveRange(0, next.Length);
            return next.Length > 0 || _needsMarker ? next : null;
        }
    }

    public void Return(Removal[] taken)
    {
        lock (_lock)
        {
            if (_pending is not [{ Kind: RemovalKind.Everything }])
                _pending.InsertRange(0, taken);
        }
    }

    public void End(Removal[] taken, long number)
    {
        _needsMarker = false;
        lock (_lock)
            log.ReplacePending(_pending, taken, number);
    }
}
