using IntrospectionAuth.Removals;

namespace IntrospectionAuth.SharedCache;

/// <summary>The removals of this node, where the engine has no feed: shared responses from before a removal are not used here.</summary>
internal sealed class OwnRemovals(TimeProvider time)
{
    private readonly RemovalLog _log = CreateLog();

    public void Add(Removal removal)
    {
        long at = (time.GetUtcNow() + Fleet.MaximumClockDifference).UtcTicks;
        _log.Add([(removal, at)], at, oldestComparable: null);
    }

    public bool Has(in SharedResponse response) => _log.IsRemoved(response, response.ObtainedAt.UtcTicks);

    /// <summary>Positions are times: the clocks of nodes may differ, but nothing else orders their responses.</summary>
    private static RemovalLog CreateLog()
    {
        var log = new RemovalLog(RemovalFeed.MaximumRemovals);
        log.Add([], position: 0, oldestComparable: 0);
        return log;
    }
}
