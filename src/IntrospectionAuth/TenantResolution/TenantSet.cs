using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.TenantResolution;

/// <summary>The tenants of one scheme. Each is resolved once for all requests that wait for it.</summary>
internal sealed partial class TenantSet : IDisposable
{
    /// <summary>Bounds how often a request resolves again because its tenant was removed meanwhile.</summary>
    private const int MaximumAttempts = 3;
    private static readonly TimeSpan s_retryInterval = TimeSpan.FromSeconds(5);

    private readonly string _scheme;
    private readonly TenantBuilds _builds;
    private readonly TenantServices _shared;
    private readonly IOptionsMonitor<OAuthIntrospectionOptions> _options;
    private readonly TenantFaultLog _faults;
    private readonly TimeProvider _time;
    private readonly TenantStore _store;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TenantInResolution> _resolutions = new(StringComparer.Ordinal);

    public TenantSet(
        string scheme,
        OAuthIntrospectionOptions schemeOptions,
        TenantOptionsBuilder builder,
        TenantServices shared,
        IOptionsMonitor<OAuthIntrospectionOptions> options,
        RareMessages rare,
        ILogger logger
    )
    {
        _scheme = scheme;
        _shared = shared;
        _options = options;
        _time = new SteadyTimeProvider(schemeOptions.Clock);
        _builds = new TenantBuilds(scheme, builder, _time);
        _faults = new TenantFaultLog(scheme, _time, rare, logger);
        _store = new TenantStore(schemeOptions.TenantCache, schemeOptions.Clock);
    }

    public IEnumerable<Tenant> All => _store.All;

    /// <summary>Finds a tenant, and holds it.</summary>
    public ValueTask<TenantResult> FindAsync(string name, OAuthIntrospectionOptions schemeOptions, CancellationToken cancellationToken)
    {
        if (TryFindKept(name, schemeOptions) is not { } kept)
            return TenantName.IsPossible(name) ? new(ResolveAsync(name, schemeOptions, cancellationToken)) : new(TenantResult.Unknown);

        if (kept.Tenant is { } tenant && tenant.TryBeginRefresh(_time.GetUtcNow()))
            JoinOrStart(name);
        return new(kept);
    }

    /// <returns>Whether the tenant was kept.</returns>
    public bool Remove(string name)
    {
        lock (_lock)
        {
            if (_resolutions.Remove(name, out TenantInResolution? resolution))
                resolution.IsSuperseded = true; // its settings may be those before the removal
            return _store.Remove(name);
        }
    }

    /// <summary>Completes when the tenants that are being resolved now are resolved.</summary>
    public Task IdleAsync()
    {
        lock (_lock)
            return Task.WhenAll(_resolutions.Values.Select(static it => it.Completion.Task));
    }

    public void Dispose()
    {
        lock (_lock)
            _store.Dispose();
        _builds.Dispose();
    }

    private TenantResult? TryFindKept(string name, OAuthIntrospectionOptions schemeOptions)
    {
        if (_store.Find(name) is { } tenant && IsCurrent(tenant.SchemeOptions, schemeOptions) && tenant.TryUse())
            return TenantResult.Found(tenant);
        return
            _store.FindAbsent(name) is { } absent && IsCurrent(absent.SchemeOptions, schemeOptions) && _time.GetUtcNow() < absent.UsedUntil
            ? absent.Result
            : null;
    }

    /// <summary>
    /// Whether the options of the scheme are still those with which the tenant was resolved. The request may have earlier ones.
    /// </summary>
    private bool IsCurrent(OAuthIntrospectionOptions resolvedWith, OAuthIntrospectionOptions schemeOptions) =>
        ReferenceEquals(resolvedWith, schemeOptions) || ReferenceEquals(resolvedWith, _options.Get(_scheme));

    private async Task<TenantResult> ResolveAsync(string name, OAuthIntrospectionOptions schemeOptions, CancellationToken cancellationToken)
    {
        _ = _options.Get(_scheme); // after a reload, this builds them, which is not done under the lock
        for (int attempt = 1; attempt <= MaximumAttempts; attempt++)
        {
            TenantInResolution resolution;
            lock (_lock)
            {
                // Its resolution may have ended since this request looked for the tenant.
                if (TryFindKept(name, schemeOptions) is { } kept)
                    return kept;
                resolution = JoinOrStart(name);
            }
            await resolution.Completion.Task.WaitAsync(cancellationToken);
            if (!resolution.IsSuperseded && resolution.Absent is { } absent)
                return absent.Result;
            if (!resolution.IsSuperseded && resolution.Tenant is { } tenant && tenant.TryUse())
                return TenantResult.Found(tenant);
        }

        return TenantResult.Unavailable(new(UnavailableReason.TenantNotResolved) { Fault = "the tenant was removed meanwhile" });
    }

    private TenantInResolution JoinOrStart(string name)
    {
        OAuthIntrospectionOptions schemeOptions = _options.Get(_scheme);
        lock (_lock)
        {
            if (_resolutions.TryGetValue(name, out TenantInResolution? current) && ReferenceEquals(current.SchemeOptions, schemeOptions))
                return current;

            // One that began with other options of the scheme ends without effect.
            if (current is not null)
                current.IsSuperseded = true;
            var resolution = new TenantInResolution(name, schemeOptions);
            _resolutions[name] = resolution;
            BackgroundWork.Start((Self: this, resolution), static it => it.Self.RunAsync(it.resolution));
            return resolution;
        }
    }
}
