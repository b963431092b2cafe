using System.Collections.Concurrent;
using IntrospectionAuth.DPoP;
using Microsoft.Extensions.Caching.Memory;

namespace IntrospectionAuth.TenantResolution;

/// <summary>
/// The tenants of one scheme that are kept, and apart from them the names of which it is known that there is no tenant, or no usable one.
/// Each is bounded, so names that callers invent take the place of no tenant.
/// </summary>
internal sealed class TenantStore : IDisposable
{
    private readonly TimeSpan _slidingExpiration;
    private readonly int _maximum;
    private readonly int _maximumUnknown;
    private readonly MemoryCache _tenants;
    private readonly MemoryCache _unknown;
    private readonly MemoryCache _unusable;
    private readonly ConcurrentDictionary<Tenant, string> _inUse = new(); // also those evicted, until their last request ends
    private readonly TenantProofs _proofs = new();
    private readonly TimeProvider _wallTime;

    public TenantStore(OAuthIntrospectionTenantCacheOptions options, TimeProvider time)
    {
        _slidingExpiration = options.SlidingExpiration;
        _maximum = options.MaximumTenants;
        _maximumUnknown = options.MaximumUnknownNames;
        _wallTime = time;
        var clock = new ClockOfTenants(new SteadyTimeProvider(time));
        _tenants = new(new MemoryCacheOptions { SizeLimit = _maximum, Clock = clock });
        _unknown = new(new MemoryCacheOptions { SizeLimit = _maximumUnknown, Clock = clock });
        _unusable = new(new MemoryCacheOptions { SizeLimit = _maximum, Clock = clock });
    }

    /// <summary>A snapshot of the tenants that are kept, or still used by a request. It does not count as a use of them.</summary>
    public IEnumerable<Tenant> All => _inUse.Keys;

    public Tenant? Find(string name) => _tenants.TryGetValue(name, out Tenant? tenant) ? tenant : null;

    public AbsentTenant? FindAbsent(string name) =>
        _unknown.TryGetValue(name, out AbsentTenant? absent) || _unusable.TryGetValue(name, out absent) ? absent : null;

    /// <summary>The used DPoP proofs of a tenant, also those from before it was last removed.</summary>
    public UsedProofs ProofsOf(string name)
    {
        HashSet<string>? inUse = null; // only built to find those that have ended
        return _proofs.Of(name, it => (inUse ??= [.. _inUse.Values]).Contains(it), _wallTime.GetUtcNow()); // by which proofs expire
    }

    /// <summary>Keeps a tenant, until the store evicts it and thereby ends its own use of it.</summary>
    public void Add(Tenant tenant)
    {
        EvictUntilBelow(_tenants, _maximum);
        ForgetAbsent(tenant.Name);
        _inUse[tenant] = tenant.Name;
        tenant.OnEnded = () => _inUse.TryRemove(tenant, out _);
        var entry = new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = _slidingExpiration };
        entry.RegisterPostEvictionCallback(static (_, evicted, _, _) => ((Tenant)evicted!).Evict());
        _tenants.Set(tenant.Name, tenant, entry);
    }

    /// <summary>Remembers for a while that there is no usable tenant of a name.</summary>
    public void AddAbsent(string name, AbsentTenant absent, TimeSpan age)
    {
        ForgetAbsent(name);
        (MemoryCache names, int maximum) = absent.Unavailability is null ? (_unknown, _maximumUnknown) : (_unusable, _maximum);
        EvictUntilBelow(names, maximum);
        names.Set(name, absent, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = age });
    }

    /// <returns>Whether there was a tenant of this name.</returns>
    public bool Remove(string name)
    {
        bool isKept = Find(name) is not null;
        _tenants.Remove(name);
        ForgetAbsent(name);
        return isKept;
    }

    public void Dispose()
    {
        _tenants.Clear();
        _tenants.Dispose();
        _unknown.Dispose();
        _unusable.Dispose();
    }

    private void ForgetAbsent(string name)
    {
        _unknown.Remove(name);
        _unusable.Remove(name);
    }

    /// <summary>MemoryCache rejects an entry when it is full, and evicts others afterwards.</summary>
    private static void EvictUntilBelow(MemoryCache cache, int maximum)
    {
        while (cache.Count >= maximum)
            cache.Compact(Math.Max(0.05, 1.5 / cache.Count));
    }
}
