using IntrospectionAuth.Removals;
using IntrospectionAuth.TenantResolution;

namespace IntrospectionAuth.PushedRevocation;

/// <summary>Repeats removals 0.1, 0.5, 3 and 10 seconds later.</summary>
/// <remarks>
/// An authorization server may report a logout before it revokes the tokens. oidc-provider, for example, first waits up to 2.5 seconds for
/// every recipient of a logout token. A token that is introspected in between is still active, and its response would stay in the cache.
/// All removals that are due are made together, so their cost does not grow with the number of events.
/// </remarks>
internal sealed class RepeatedRemovals : IDisposable
{
    private const int MostPending = 10_000; // events; the removals of further ones are not repeated

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan[] s_delays =
    [
        s_interval,
        TimeSpan.FromSeconds(0.5),
        TimeSpan.FromSeconds(3),
        TimeSpan.FromSeconds(10),
    ];

    private readonly RevocableEntries _entries;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();

    // One for each delay.
    private readonly Queue<(long AddedAt, IReadOnlyList<Removal> Removals)>[] _pending =
    [
        .. s_delays.Select(static _ => new Queue<(long, IReadOnlyList<Removal>)>()),
    ];

    public RepeatedRemovals(RevocableEntries entries, TimeProvider time)
    {
        _entries = entries;
        _time = time;
        _timer = time.CreateTimer(static self => ((RepeatedRemovals)self!).RemoveDue(), this, Timeout.InfiniteTimeSpan, s_interval);
    }

    public void Add(IReadOnlyList<Removal> removals)
    {
        lock (_lock)
        {
            if (_pending[^1].Count == MostPending)
                return;
            if (_pending[^1].Count == 0)
                _timer.Change(s_interval, s_interval);
            foreach (Queue<(long AddedAt, IReadOnlyList<Removal> Removals)> queue in _pending)
                queue.Enqueue((_time.GetTimestamp(), removals));
        }
    }

    public void Dispose() => _timer.Dispose();

    private void RemoveDue()
    {
        try
        {
            Removal[] due = [.. TakeDue()];
            if (due.Length > 0)
                _entries.Remove(due);
        }
        catch (Exception)
        {
            // A timer's exception would end the process. The first removal was made.
        }
    }

    private List<Removal> TakeDue()
    {
        var due = new List<Removal>();
        lock (_lock)
        {
            foreach ((Queue<(long AddedAt, IReadOnlyList<Removal> Removals)> queue, TimeSpan delay) in _pending.Zip(s_delays))
            {
                while (queue.TryPeek(out var next) && _time.GetElapsedTime(next.AddedAt) >= delay)
                    due.AddRange(queue.Dequeue().Removals);
            }

            if (_pending[^1].Count == 0)
                _timer.Change(Timeout.InfiniteTimeSpan, s_interval);
        }

        return due;
    }
}
