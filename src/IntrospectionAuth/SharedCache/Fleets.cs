using IntrospectionAuth.Removals;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.SharedCache;

/// <summary>Finds the fleet that an instance of options describes, and reports removals to all of them.</summary>
internal sealed class Fleets(RemovableMembers members, FleetMetrics metrics, ILogger<Fleets> logger, ISharedCacheEngine? engine = null)
    : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(FleetSettings Settings, Fleet Fleet)> _known = [];
    private readonly List<RemovalFeed> _feeds = [];
    private volatile Fleet[] _all = [];

    /// <summary>Raised with the removals of other nodes, in the order of the feed.</summary>
    public event EventHandler<RemovalsEventArgs>? Received;

    /// <summary>Every fleet that options have described so far.</summary>
    public IReadOnlyList<Fleet> All => _all;

    /// <returns>The fleet; null when nothing is shared.</returns>
    public Fleet? Find(OAuthIntrospectionOptions options)
    {
        if (engine is null || !options.IsShared)
            return null;

        var settings = new FleetSettings(options);
        lock (_lock)
        {
            if (_known.Find(known => known.Settings.Equals(settings)).Fleet is { } fleet)
                return fleet;

            fleet = Create(engine, settings);
            _known.Add((settings, fleet));
            _all = [.. _all, fleet];
            return fleet;
        }
    }

    /// <summary>Reports a removal to the other nodes.</summary>
    public void Report(Removal removal)
    {
        foreach (Fleet fleet in _all)
            fleet.Report(removal);
    }

    public async ValueTask DisposeAsync()
    {
        RemovalFeed[] feeds;
        lock (_lock)
            feeds = [.. _feeds];
        foreach (RemovalFeed feed in feeds)
            await feed.DisposeAsync();
    }

    private Fleet Create(ISharedCacheEngine used, FleetSettings settings)
    {
        var condition = new EngineCondition(used.Name, settings.Time, logger);
        var guard = new EngineGuard(settings.Timeout, condition, settings.Time, metrics);
        FleetSecret[] secrets = [.. settings.Secrets.Select(static secret => new FleetSecret(secret))];
        RemovalFeed[] feeds = used is IFleetEngine fleetEngine
            ?
            [
                .. secrets.Select(secret =>
                    new RemovalFeed(secret, fleetEngine, settings.Patience, condition, settings.Time, logger, Apply).Start()
                ),
            ]
            : [];
        _feeds.AddRange(feeds);
        return new Fleet(used, guard, secrets, feeds, settings)
        {
            Condition = condition,
            Responses = new SharedResponses(used, guard, secrets, members, metrics),
        };
    }

    private void Apply(IReadOnlyList<Removal> removals)
    {
        metrics.Received(removals.Count);
        Received?.Invoke(this, new RemovalsEventArgs(removals));
    }
}
