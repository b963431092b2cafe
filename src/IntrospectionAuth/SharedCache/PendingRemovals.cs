using IntrospectionAuth.Removals;

namespace IntrospectionAuth.SharedCache;

/// <summary>The removals of this node that are still to be appended to the feed.</summary>
/// <remarks>
/// A new removal comes before those that are repeated because the engine may have lost them: after a loss, every node may have thousands to
/// repeat, and each of them has taken effect on this node already.
/// </remarks>
internal sealed class PendingRemovals(RemovalLog log)
{
    private const int MaximumCount = 10_000;
    private const int MaximumPerMessage = 100;
    private const int MaximumMessageLength = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Removal> _pending = [];
    private readonly List<Removal> _repeated = [];
    private Removal[] _taken = [];
    private bool _needsMarker;

    private IReadOnlyList<Removal> All => [.. _pending, .. _repeated];

    /// <summary>The removals that the feed does not have yet, those of a message that is being appended included.</summary>
    public IReadOnlyList<Removal> Unreported
    {
        get
        {
            lock (_lock)
                return [.. _taken, .. _pending, .. _repeated];
        }
    }

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
            _repeated.Clear();
            _pending.Add(Removal.Everything);
            log.ReplacePending(_pending, [], number: 0);
        }
    }

    /// <summary>Adds removals that the engine may have lost. Those that are pending already are not added again.</summary>
    public void Repeat(IEnumerable<Removal> removals)
    {
        lock (_lock)
        {
            if (_pending is [{ Kind: RemovalKind.Everything }])
                return;

            HashSet<(RemovalKind, string)> known = [.. All.Select(static it => (it.Kind, it.Value))];
            foreach (Removal removal in removals.Where(it => known.Add((it.Kind, it.Value))))
            {
                _repeated.Add(removal);
                log.AddPending(removal);
            }
        }
    }

    /// <summary>Ends the repetition of removals that the feed has, because another node has repeated them.</summary>
    public void EndRepetition(IReadOnlyCollection<Removal> read)
    {
        lock (_lock)
        {
            if (_repeated.Count == 0 || read.Count == 0)
                return;

            HashSet<(RemovalKind, string)> known = [.. read.Select(static it => (it.Kind, it.Value))];
            if (_repeated.RemoveAll(it => known.Contains((it.Kind, it.Value))) > 0)
                log.ReplacePending(All, [], number: 0);
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
            Removal[] first = [.. _pending.Concat(_repeated).Take(MaximumPerMessage)];
            Removal[] next = [.. first.TakeWhile(it => (length += it.Value.Length) <= MaximumMessageLength)];
            if (next.Length == 0 && first.Length > 0)
                next = [first[0]]; // a long one alone
            int taken = Math.Min(next.Length, _pending.Count);
            _pending.RemoveRange(0, taken);
            _repeated.RemoveRange(0, next.Length - taken);
            _taken = next;
            return next.Length > 0 || _needsMarker ? next : null;
        }
    }

    public void Return(Removal[] taken)
    {
        lock (_lock)
        {
            _taken = [];
            if (_pending is not [{ Kind: RemovalKind.Everything }])
                _pending.InsertRange(0, taken);
        }
    }

    public void End(Removal[] taken, long number)
    {
        _needsMarker = false;
        lock (_lock)
        {
            _taken = [];
            log.ReplacePending(All, taken, number);
        }
    }
}
