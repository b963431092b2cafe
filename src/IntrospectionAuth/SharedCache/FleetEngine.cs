using IntrospectionAuth.Removals;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.SharedCache;

/// <summary>
/// The engine, with what the fleets of all schemes, or of one tenant, share: the feeds that are followed. Whether the engine works is the
/// same for all schemes and tenants.
/// </summary>
/// <remarks>Callers synchronize, except for <see cref="Report"/>.</remarks>
internal sealed class FleetEngine
{
    private readonly EngineBreaker _breaker;
    private readonly FleetMetrics _metrics;
    private readonly ILogger _logger;
    private readonly UnreportedRemovals _unreported;
    private readonly Action<IReadOnlyList<Removal>> _apply;
    private readonly bool _endsUnreported;
    private readonly List<RemovalFeed> _followed = [];
    private volatile RemovalFeed[] _appended = [];

    public FleetEngine(
        ISharedCacheEngine engine,
        FleetMetrics metrics,
        TimeProvider time,
        ILogger logger,
        Action<IReadOnlyList<Removal>> apply,
        FleetEngine? ofSchemes
    )
    {
        Engine = engine;
        Condition = ofSchemes?.Condition ?? new EngineCondition(engine.Name, time, logger);
        OwnRemovals = engine is IFleetEngine ? null : new OwnRemovals(time);
        _breaker = ofSchemes?._breaker ?? new EngineBreaker(Condition, time);
        _metrics = metrics;
        _logger = logger;
        _unreported = ofSchemes?._unreported ?? new UnreportedRemovals(time);
        _endsUnreported = ofSchemes is null;
        _apply = apply;
    }

    public ISharedCacheEngine Engine { get; }

    public EngineCondition Condition { get; }

    /// <summary>The removals of this node; null where there are feeds.</summary>
    public OwnRemovals? OwnRemovals { get; }

    public EngineGuard CreateGuard(FleetSettings settings)
    {
        _breaker.Timeout = settings.Timeout;
        return new EngineGuard(_breaker, settings.Timeout, settings.Time, _metrics);
    }

    /// <summary>Finds the feeds of secrets, and begins to follow those that no fleet has used yet.</summary>
    public RemovalFeed[] Follow(FleetSecret[] secrets, FleetSettings settings) =>
        Engine is IFleetEngine engine ? [.. secrets.Select(secret => Follow(engine, secret, settings))] : [];

    /// <summary>Adapts the feeds to the fleets that there are now.</summary>
    /// <returns>The feeds of no fleet. They are followed no longer, and the caller ends them.</returns>
    public RemovalFeed[] Use(Fleet[] fleets)
    {
        RemovalFeed[] unused = [.. _followed.Except(fleets.SelectMany(static fleet => fleet.Feeds))];
        _followed.RemoveAll(unused.Contains);
        foreach (RemovalFeed feed in _followed)
            feed.Patience = fleets.Where(fleet => fleet.Feeds.Contains(feed)).Min(static fleet => fleet.Patience);

        _appended = [.. fleets.Where(static fleet => fleet.HasFeed).Select(static fleet => fleet.Feeds[0]).Distinct()];
        return unused;
    }

    /// <summary>Reports a removal to the other nodes. It takes effect on shared entries in this process at once.</summary>
    public void Report(Removal removal)
    {
        OwnRemovals?.Add(removal);
        foreach (RemovalFeed feed in _appended)
            feed.Append(removal);
    }

    /// <summary>Ends feeds that are used no longer. What they have not appended is kept until the engine accepts it.</summary>
    public async Task EndAsync(RemovalFeed[] feeds)
    {
        foreach (RemovalFeed feed in feeds)
        {
            await feed.DisposeAsync();
            _unreported.End(feed);
        }
    }

    /// <summary>Ends the last feeds. Those of schemes end with the process, which keeps nothing.</summary>
    public async Task EndAllAsync(RemovalFeed[] feeds)
    {
        await EndAsync(feeds);
        if (_endsUnreported)
            await _unreported.DisposeAsync();
    }

    private RemovalFeed Follow(IFleetEngine engine, FleetSecret secret, FleetSettings settings)
    {
        if (_followed.Find(feed => feed.Secret.Id == secret.Id && feed.Time == settings.Time) is { } followed)
            return followed;

        var started = new RemovalFeed(secret, engine, _breaker, _metrics, settings.Time, _logger, _apply) { Patience = settings.Patience };
        _unreported.Begin(started);
        _followed.Add(started.Start());
        return started;
    }
}
