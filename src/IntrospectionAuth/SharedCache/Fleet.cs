using System.Text;

namespace IntrospectionAuth.SharedCache;

/// <summary>The nodes that share responses, as one set of options describes them.</summary>
internal sealed class Fleet
{
    /// <summary>The difference between the clocks of a node and of the engine up to which the node takes part.</summary>
    public static readonly TimeSpan MaximumClockDifference = TimeSpan.FromSeconds(5);

    private readonly IFleetEngine? _engine;
    private readonly EngineGuard _guard;
    private readonly OwnRemovals? _ownRemovals;
    private readonly long _patience; // ticks

    public Fleet(FleetEngine engine, EngineGuard guard, FleetSecret[] secrets, FleetSettings settings)
    {
        _engine = engine.Engine as IFleetEngine;
        _guard = guard;
        _ownRemovals = engine.OwnRemovals;
        _patience = settings.Patience.Ticks;
        EngineName = engine.Engine.Name;
        Condition = engine.Condition;
        Leases = new Leases(engine.Engine, guard, secrets[0], settings.Time);
        Secrets = secrets;
        Settings = settings;
    }

    public FleetSettings Settings { get; }

    public string EngineName { get; }

    public EngineCondition Condition { get; }

    /// <summary>Whether requests use the engine now. While it fails, they do not.</summary>
    public bool UsesEngine => _guard.IsClosed;

    public required SharedResponses Responses { get; init; }

    public Leases Leases { get; }

    /// <summary>The first one encrypts.</summary>
    public FleetSecret[] Secrets { get; }

    /// <summary>The feed of each secret. This node appends to the first one. Empty if the engine has no feeds.</summary>
    public required RemovalFeed[] Feeds { get; init; }

    /// <summary>
    /// For a tenant, the fleets of the schemes: what is removed for a scheme is removed for its tenants, also if no node uses them. Null
    /// for a scheme.
    /// </summary>
    public Fleets? OfSchemes { get; init; }

    public bool HasFeed => Feeds.Length > 0;

    /// <summary>How long a response is used after the last moment at which this node is known to have every removal.</summary>
    public TimeSpan Patience => new(_patience);

    /// <summary>The largest difference between the clocks of this node and of the engine.</summary>
    public TimeSpan ClockDifference => HasFeed ? Feeds.Max(static feed => feed.ClockDifference.Duration()) : TimeSpan.Zero;

    /// <summary>Whether a response in this node's memory may be used: every removal of the fleet is known, or it is recent.</summary>
    /// <remarks>Every cache hit calls it.</remarks>
    public bool Trusts(DateTimeOffset obtainedAt, DateTimeOffset now)
    {
        long oldest = now.UtcTicks - _patience;
        return obtainedAt.UtcTicks > oldest || (HasFeed && AreCoveredSince(oldest, now.UtcTicks));
    }

    /// <returns>How far the feeds are read; null while nothing can be shared, because one was not read yet or the clocks differ.</returns>
    public FeedStamp? FindStamp()
    {
        if (ClockDifference > MaximumClockDifference)
            return null;

        RemovalFeed[] feeds = OfSchemes is null ? Feeds : [.. Feeds.Union(OfSchemes.All.SelectMany(static fleet => fleet.Feeds))];
        var positions = new (long, long)[feeds.Length];
        for (int i = 0; i < feeds.Length; i++)
        {
            if (feeds[i].Position is not { } position)
                return null;
            positions[i] = (feeds[i].Secret.Id, position);
        }

        return new(positions);
    }

    /// <summary>Whether a shared response was removed, or may have been.</summary>
    public bool IsRemoved(in SharedResponse response)
    {
        if (HasFeed ? IsRemovedByFeed(response, appended: Feeds[0]) : _ownRemovals!.Has(response))
            return true;

        foreach (Fleet fleet in OfSchemes?.All ?? [])
        {
            if (fleet.HasFeed ? fleet.IsRemovedByFeed(response, appended: null) : fleet._ownRemovals!.Has(response))
                return true;
        }

        return false;
    }

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

    private bool AreCoveredSince(long oldest, long now)
    {
        foreach (RemovalFeed feed in Feeds)
        {
            if (!feed.IsCoveredSince(oldest, now))
                return false;
        }

        IReadOnlyList<Fleet> ofSchemes = OfSchemes?.All ?? [];
        for (int i = 0; i < ofSchemes.Count; i++) // allocates no enumerator
        {
            if (!ofSchemes[i].AreCoveredSince(oldest, now))
                return false;
        }

        return true;
    }

    private bool IsRemovedByFeed(in SharedResponse response, RemovalFeed? appended)
    {
        foreach (RemovalFeed feed in Feeds)
        {
            if (feed.IsRemoved(response, isFirst: feed == appended))
                return true;
        }

        return false;
    }
}
