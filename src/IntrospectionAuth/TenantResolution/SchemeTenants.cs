using System.Collections.Concurrent;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.TenantResolution;

/// <summary>Finds the tenant of a request, for every scheme that has tenants.</summary>
internal sealed class SchemeTenants(
    TenantOptionsBuilder builder,
    TenantServices shared,
    IOptionsMonitor<OAuthIntrospectionOptions> options,
    RareMessages rare,
    ILogger<SchemeTenants> logger
) : IDisposable
{
    private readonly ConcurrentDictionary<string, TenantSet> _sets = new(StringComparer.Ordinal);

    /// <summary>Finds the tenant of a request, and holds it. The caller ends the use.</summary>
    /// <exception cref="OperationCanceledException">The caller has stopped waiting.</exception>
    public async ValueTask<TenantResult> FindAsync(
        string scheme,
        OAuthIntrospectionOptions schemeOptions,
        OAuthIntrospectionTenantRequest request,
        CancellationToken cancellationToken
    )
    {
        string? name;
        try
        {
            name = await TenantSource.FindNameAsync(schemeOptions, request);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            TimeProvider time = schemeOptions.Clock;
            if (rare.IsDue(scheme, nameof(Log.TenantNameNotFound), time, out long suppressed))
                logger.TenantNameNotFound(scheme, suppressed, exception);
            return TenantResult.Unavailable(
                new(UnavailableReason.TenantNotResolved) { Fault = "the name of the tenant cannot be found", Exception = exception }
            );
        }

        return name is null ? TenantResult.Unknown : await FindAsync(scheme, schemeOptions, name, cancellationToken);
    }

    public ValueTask<TenantResult> FindAsync(
        string scheme,
        OAuthIntrospectionOptions schemeOptions,
        string name,
        CancellationToken cancellationToken
    ) => SetOf(scheme, schemeOptions).FindAsync(name, schemeOptions, cancellationToken);

    /// <returns>Whether the tenant was kept, in any scheme or in the named one.</returns>
    public bool Remove(string name, string? scheme)
    {
        bool isRemoved = false;
        foreach ((string setScheme, TenantSet set) in _sets)
        {
            if (scheme is null || scheme == setScheme)
                isRemoved |= set.Remove(name);
        }

        return isRemoved;
    }

    /// <summary>A snapshot of the tenants that are kept.</summary>
    public IEnumerable<Tenant> All => _sets.Values.SelectMany(static set => set.All);

    /// <summary>A snapshot of the tenants of one scheme that are kept.</summary>
    public IEnumerable<Tenant> Of(string scheme) => _sets.TryGetValue(scheme, out TenantSet? set) ? set.All : [];

    /// <summary>Completes when the tenants that are being resolved now are resolved.</summary>
    public Task IdleAsync() => Task.WhenAll(_sets.Values.Select(static set => set.IdleAsync()));

    public void Dispose()
    {
        foreach (TenantSet set in _sets.Values)
            set.Dispose();
    }

    private TenantSet SetOf(string scheme, OAuthIntrospectionOptions schemeOptions) =>
        _sets.TryGetValue(scheme, out TenantSet? set)
            ? set
            : _sets.GetOrAdd(scheme, name => new TenantSet(name, schemeOptions, builder, shared, options, rare, logger));
}
