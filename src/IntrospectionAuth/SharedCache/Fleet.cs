using System.Text;
using IntrospectionAuth.Removals;

namespace IntrospectionAuth.SharedCache;

/// <summary>The nodes that share responses, as one set of options describes them.</summary>
internal sealed class Fleet
{
    /// <summary>The difference between the clocks of a node and of the engine up to which the node takes part.</summary>
    public static readonly TimeSpan MaximumClockDifference = TimeSpan.FromSeconds(5);

    private readonly IFleetEngine? _engine;
    private readonly EngineGuard _guard;
    private readonly RemovalFeed[] _feeds;
    private readonly long _patience; // ticks

    public Fleet(ISharedCacheEngine engine, EngineGuard guard, FleetSecret[] secrets, RemovalFeed[] feeds, FleetSettings settings)
    {
        _engine = engine as IFleetEngine;
        _guard = guard;
        _feeds = feeds;
        _patience = settings.Patience.Ticks;
        EngineName = engine.Name;
        OwnRemovals = new OwnRemovals(settings.Time);
        Leases = new Leases(engine, guard, secrets[0]);
        Secrets = secrets;
    }

    public string EngineName { get; }

    public required EngineCondition Condition { get; init; }

    public required SharedResponses Responses { get; init; }

    public Leases Leases { get; }

    /// <summary>The first one encrypts.</summary>
    public FleetSecret[] Secrets { get; }

    /// <summary>The removals of this node, where there is no feed.</summary>
    public OwnRemovals OwnRemovals { get; }

    public bool HasFeed => _feeds.Length > 0;

    /// <summary>The largest difference between the clocks of this node and of the engine.</summary>
    public TimeSpan ClockDifference => HasFeed ? _feeds.Max(static feed => feed.ClockDifference.Duration()) : TimeSpan.Zero;

    /// <summary>Whether a response in this node's memory may be used: every removal of the fleet is known, or it is recent.</summary>
    /// <remarks>Every cache hit calls it.</remarks>
    public bool Trusts(DateTimeOffset obtainedAt, DateTimeOffset now)
    {
        long oldest = now.UtcTicks - _patience;
        return obtainedAt.UtcTicks > oldest || (HasFeed && AreCoveredSince(oldest));
    }

    /// <returns>How far the feeds are read; null while nothing can be shared, because one was not read yet or the clocks differ.</returns>
    public FeedStamp? FindStamp()
    {
        if (ClockDifference > MaximumClockDifference)
            return null;

        var positions = new (long, long)[_feeds.Length];
        for (int i = 0; i < _feeds.Length; i++)
        {
            if (_feeds[i].Position is not { } position)
                return null;
            positions[i] = (_feeds[i].Secret.Id, position);
        }

        return new(positions);
    }

    /// <summary>Reports a removal to the other nodes. It takes effect on shared entries in this process at once.</summary>
    public void Report(Removal removal)
    {
        if (HasFeed)
            _feeds[0].Append(removal);
        else
            OwnRemovals.Add(removal);
    }

    /// <summary>Whether a shared response was removed, or may have been.</summary>
    public bool IsRemoved(in SharedResponse response) => HasFeed ? IsRemovedByFeed(response) : OwnRemovals.Has(response);

    /// <summary>Records that a DPoP proof is used, on every node.</summary>
    /// <returns>Whether this is its first use; null when the engine cannot tell.</returns>
    public async Task<bool?> TryUseProofAsync(string scheme, string thumbprint, string id, TimeSpan lifetime)
    {
        if (_engine is null)
            return null;

        // Under every secret, in the same order on every node: while secrets rotate, nodes differ in which one is the first.
        byte[] proof = Encoding.UTF8.GetBytes($"{scheme.Length}:{scheme}{thumbprint}{id}");
        foreach (FleetSecret secret in Secrets.OrderBy(static it => it.Id))
        {
            string engineKey = secret.HashKey('p', proof);
            (bool succeeded, bool isFirst) = await _guard.TryAsync("proof", it => _engine.TryAddAsync(engineKey, [1], lifetime, it));
            if (!succeeded)
                return null;
            if (!isFirst)
                return false;
        }

        return true;
    }

    private bool AreCoveredSince(long oldest)
    {
        foreach (RemovalFeed feed in _feeds)
        {
            if (feed.CoveredUntil <= oldest)
                return false;
        }

        return true;
    }

    private bool IsRemovedByFeed(in SharedResponse response)
    {
        foreach (RemovalFeed feed in _feeds)
        {
            if (feed.IsRemoved(response, isFirst: feed == _feeds[0]))
                return true;
        }

        return false;
    }
}
