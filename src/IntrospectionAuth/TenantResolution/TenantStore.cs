using IntrospectionAuth.DPoP;
using Microsoft.Extensions.Caching.Memory;

namespace IntrospectionAuth.TenantResolution;

/// <summary>
/// The tenants of one scheme that are kept, and apart from them the names of which it is known that there is no usable tenant. Both are
/// bounded, so names that callers invent take the place of no tenant.
/// </summary>
internal sealed class TenantStore : IDisposable
{
    private readonly TimeSpan _slidingExpiration;
    private readonly int _maximum;
    private readonly MemoryCache _tenants;
    private readonly MemoryCache _absent;
    private readonly TenantProofs _proofs = new();
    private readonly TimeProvider _time;

    public TenantStore(OAuthIntrospectionTenantCacheOptions options, TimeProvider time)
    {
        _slidingExpiration = options.SlidingExpiration;
        _maximum = options.MaximumTenants;
        _time = time;
        var clock = new ClockOfTenants(time);
        _tenants = new(new MemoryCacheOptions { SizeLimit = options.MaximumTenants, Clock = clock });
        _absent = new(new MemoryCacheOptions { SizeLimit = options.MaximumUnknownNames, Clock = clock });
    }

    public Tenant? Find(string name) => _tenants.TryGetValue(name, out Tenant? tenant) ? tenant : null;

    public AbsentTenant? FindAbsent(string name) => _absent.TryGetValue(name, out AbsentTenant? absent) ? absent : null;

    /// <summary>The used DPoP proofs of a tenant, also those from before it was last removed.</summary>
    public UsedProofs ProofsOf(string name) => _proofs.Of(name, it => Find(it) is not null, _time.GetUtcNow());

    /// <summary>Keeps a tenant, until the store evicts it and thereby ends its own use of it.</summary>
    public void Add(Tenant tenant)
    {
        // MemoryCache rejects an entry when it is full, and evicts others afterwards.
        while (_tenants.Count >= _maximum)
            _tenants.Compact(Math.Max(0.05, 1.5 / _tenants.Count));

        _absent.Remove(tenant.Name);
        var entry = new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = _slidingExpiration };
        entry.RegisterPostEvictionCallback(static (_, evicted, _, _) => ((Tenant)evicted!).Dispose());
        _tenants.Set(tenant.Name, tenant, entry);
    }

    /// <summary>Remembers for a while that there is no usable tenant of a name.</summary>
    public void AddAbsent(string name, AbsentTenant absent, TimeSpan age) =>
        _absent.Set(name, absent, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = age });

    /// <returns>Whether there was a tenant of this name.</returns>
    public bool Remove(string name)
    {
        bool isKept = Find(name) is not null;
        _tenants.Remove(name);
        _absent.Remove(name);
        return isKept;
    }

    /// <summary>A snapshot of the tenants that are kept.</summary>
    public Tenant[] All => [.. _tenants.Keys.OfType<string>().Select(Find).OfType<Tenant>()];

    public void Dispose()
    {
        _tenants.Clear();
        _tenants.Dispose();
        _absent.Dispose();
    }
}
