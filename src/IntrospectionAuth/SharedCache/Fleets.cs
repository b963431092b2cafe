using IntrospectionAuth.Removals;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.SharedCache;

/// <summary>Finds the fleet that an instance of options describes, and reports removals to the other nodes.</summary>
/// <remarks>
/// A reload may describe another fleet. Then the previous one ends, unless the options of another scheme describe it. The feed of a secret
/// that both have continues, with the removals that are still to be appended.
/// </remarks>
internal sealed class Fleets : IAsyncDisposable, IDisposable
{
    // What a synchronous dispose waits for the removals that are still to be appended. A message takes no longer.
    private static readonly TimeSpan s_longestEnd = TimeSpan.FromSeconds(1);

    private readonly RemovableMembers _members;
    private readonly FleetMetrics _metrics;
    private readonly IOptionsMonitor<OAuthIntrospectionOptions> _options;
    private readonly FleetEngine? _engine;
    private readonly Fleets? _ofSchemes;
    private readonly Func<IAuthenticationSchemeProvider?>? _registered;
    private readonly IDisposable? _reloads;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _schemes = new(StringComparer.Ordinal);
    private volatile Fleet[] _all = [];
    private long _latestSearch;
    private volatile bool _hasEnded;

    public Fleets(
        RemovableMembers members,
        FleetMetrics metrics,
        IOptionsMonitor<OAuthIntrospectionOptions> options,
        TimeProvider time,
        ILogger<Fleets> logger,
        ISharedCacheEngine? engine = null,
        Fleets? ofSchemes = null,
        Func<IAuthenticationSchemeProvider?>? registered = null
    )
    {
        _registered = registered;
        _ofSchemes = ofSchemes;
        _members = members;
        _metrics = metrics;
        _options = options;
        if (engine is null)
            return;

        _engine = new FleetEngine(engine, metrics, time, logger, Apply, ofSchemes?._engine);
        _reloads = options.OnChange((changed, scheme) => Find(scheme ?? Options.DefaultName, changed));
    }

    /// <summary>Raised with the removals of other nodes, in the order of the feed.</summary>
    public event EventHandler<RemovalsEventArgs>? Received;

    /// <summary>The fleets that the options of a scheme describe now.</summary>
    public IReadOnlyList<Fleet> All => _all;

    /// <summary>The engine, also if only tenants use it; null when there is none.</summary>
    public FleetEngine? Engine => _engine;

    /// <returns>The fleet; null when nothing is shared.</returns>
    public Fleet? Find(string scheme, OAuthIntrospectionOptions options)
    {
        if (_engine is null)
            return null;

        FleetSettings? settings = options.IsShared ? new FleetSettings(options) : null;
        lock (_lock)
        {
            _latestSearch++;
            Fleet? fleet = null;
            if (settings is not null)
            {
                _schemes.Add(scheme);
                fleet = Array.Find(_all, it => it.Settings.Equals(settings)) ?? Create(_engine, settings);
            }

            if (Array.Exists(_all, it => it != fleet))
                BackgroundWork.Start(this, static it => it.EndUnusedAsync());
            return fleet;
        }
    }

    /// <summary>Whether the feeds of the schemes report what is removed for all tenants.</summary>
    public bool AreInformedBySchemes => _ofSchemes?.All.Count > 0;

    /// <summary>Reports a removal to the other nodes. It takes effect on shared entries in this process at once.</summary>
    public void Report(Removal removal)
    {
        if (_engine is null)
            return;

        FindUnused();
        _engine.Report(removal);
    }

    public async ValueTask DisposeAsync()
    {
        RemovalFeed[] ended = End();
        if (_engine is not null)
            await _engine.EndAllAsync(ended);
    }

    public void Dispose()
    {
        RemovalFeed[] ended = End();
        if (_engine is not null)
            Task.WhenAny(Task.Run(() => _engine.EndAllAsync(ended))).Wait(s_longestEnd);
    }

    private RemovalFeed[] End()
    {
        _hasEnded = true;
        _reloads?.Dispose();
        if (_engine is null)
            return [];

        lock (_lock)
            return _engine.Use([]);
    }

    /// <summary>Finds the fleets of the schemes that this process has not used yet: other nodes may use them.</summary>
    /// <remarks>It never fails: the removal must take effect. It waits for no scheme provider of the application.</remarks>
    private void FindUnused()
    {
        if (_hasEnded)
            return;

        try
        {
            Task<AuthenticationScheme[]>? schemes = _registered?.Invoke()?.GetIntrospectionSchemesAsync();
            if (schemes is { IsCompletedSuccessfully: true })
            {
                foreach (AuthenticationScheme scheme in schemes.Result.Where(scheme => !IsUsed(scheme.Name)))
                    FindUnused(scheme.Name);
            }
        }
        catch (Exception)
        {
            // The provider of the application has failed. Fleets that are in use are known without it.
        }
    }

    private void FindUnused(string scheme)
    {
        // A scheme without valid options has no fleet, and the removal concerns the others.
        if (_options.Find(scheme, out _) is { IsShared: true } options)
            Find(scheme, options);
    }

    private bool IsUsed(string scheme)
    {
        lock (_lock)
            return _schemes.Contains(scheme);
    }

    private Fleet Create(FleetEngine engine, FleetSettings settings)
    {
        FleetSecret[] secrets = [.. settings.Secrets.Select(static secret => new FleetSecret(secret))];
        EngineGuard guard = engine.CreateGuard(settings);
        RemovalFeed[] feeds = engine.Follow(secrets, settings);
        var responses = new SharedResponses(engine.Engine, guard, secrets, _members, _metrics);
        if (feeds.Length == 0)
            responses.LongestLifetime = settings.Patience;
        var fleet = new Fleet(engine, guard, secrets, settings)
        {
            Feeds = feeds,
            Responses = responses,
            OfSchemes = _ofSchemes,
        };
        _all = [.. _all, fleet];
        engine.Use(_all);
        return fleet;
    }

    /// <summary>Ends the fleets that no scheme's current options describe, such as the one before a reload.</summary>
    private async Task EndUnusedAsync()
    {
        long search;
        string[] schemes;
        lock (_lock)
            (search, schemes) = (_latestSearch, [.. _schemes]);

        // Not under the lock: options may be created, by code of the application. If that throws, every fleet stays.
        FleetSettings[] described =
        [
            .. schemes.Select(_options.Get).Where(static options => options.IsShared).Select(static options => new FleetSettings(options)),
        ];

        RemovalFeed[] ended;
        lock (_lock)
        {
            if (search != _latestSearch)
                return; // the options may be others by now, and that search has begun this work again

            _all = [.. _all.Where(fleet => described.Contains(fleet.Settings))];
            ended = _engine!.Use(_all);
        }

        await _engine.EndAsync(ended);
    }

    private void Apply(IReadOnlyList<Removal> removals)
    {
        _metrics.Received(removals.Count);
        Received?.Invoke(this, new RemovalsEventArgs(removals));
    }
}
