using IntrospectionAuth.Removals;

namespace IntrospectionAuth.SharedCache;

/// <summary>The removals of this node that are still to be appended to the feed, and those that were appended lately.</summary>
internal sealed class PendingRemovals(RemovalLog log, TimeProvider time)
{
    private const int MaximumCount = 10_000;
    private const int MaximumPerMessage = 500;

    private static readonly TimeSpan s_repeatedFor = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<Removal> _pending = [];
    private readonly Queue<(Removal Removal, DateTimeOffset At)> _recent = [];

    /// <summary>Adds a removal. When there are too many, they become one removal of everything.</summary>
    public void Add(Removal removal)
    {
        lock (_lock)
        {
            if (_pending.Count >= MaximumCount)
            {
                _pending.Clear();
                removal = Removal.Everything;
            }

            _pending.Add(removal);
            log.AddPending(removal);
        }
    }

    /// <summary>Takes the removals of the next message. Then either <see cref="End"/> or <see cref="Return"/> is called.</summary>
    public Removal[] Take()
    {
        lock (_lock)
        {
            Removal[] next = [.. _pending.Take(MaximumPerMessage)];
            _pending.RemoveRange(0, next.Length);
            return next;
        }
    }

    public void Return(Removal[] taken)
    {
        lock (_lock)
            _pending.InsertRange(0, taken);
    }

    public void End(Removal[] taken, long number)
    {
        lock (_lock)
        {
            log.EndPending(taken, number, _pending);
            DateTimeOffset now = time.GetUtcNow();
            foreach (Removal removal in taken)
                _recent.Enqueue((removal, now));
            while (_recent.TryPeek(out (Removal Removal, DateTimeOffset At) oldest) && now - oldest.At > s_repeatedFor)
                _recent.Dequeue();
        }
    }

    /// <summary>Makes the removals of the last minute pending again, because the engine may have lost them.</summary>
    public void Repeat()
    {
        lock (_lock)
        {
            while (_recent.TryDequeue(out (Removal Removal, DateTimeOffset At) recent))
                Add(recent.Removal);
        }
    }
}
