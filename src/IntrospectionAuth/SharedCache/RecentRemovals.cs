using IntrospectionAuth.Removals;

namespace IntrospectionAuth.SharedCache;

/// <summary>
/// The removals of the last minute, of this node and of others. An engine that fails over may lose them, and then each node that knows one
/// appends it again.
/// </summary>
internal sealed class RecentRemovals(TimeProvider time)
{
    private const int MaximumCount = 10_000;

    private static readonly TimeSpan s_keptFor = TimeSpan.FromMinutes(1);

    private readonly Queue<(Removal Removal, long At)> _recent = [];

    public void Add(IEnumerable<Removal> removals)
    {
        long now = time.GetTimestamp();
        foreach (Removal removal in removals)
            _recent.Enqueue((removal, now));
        while (_recent.TryPeek(out (Removal Removal, long At) oldest) && (_recent.Count > MaximumCount || IsOld(oldest.At)))
            _recent.Dequeue();
    }

    /// <returns>The removals of the last minute that are not among those that the feed still has.</returns>
    public List<Removal> FindMissing(IEnumerable<Removal> kept)
    {
        HashSet<(RemovalKind, string)> known = [.. kept.Select(static removal => (removal.Kind, removal.Value))];
        return [.. _recent.Where(it => !IsOld(it.At)).Select(static it => it.Removal).Where(it => known.Add((it.Kind, it.Value)))];
    }

    private bool IsOld(long at) => time.GetElapsedTime(at) > s_keptFor;
}
