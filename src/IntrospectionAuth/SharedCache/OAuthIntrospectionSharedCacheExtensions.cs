using IntrospectionAuth;
using IntrospectionAuth.SharedCache;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that register an engine for the cache that the nodes of a fleet share.</summary>
public static class OAuthIntrospectionSharedCacheExtensions
{
    /// <summary>Shares responses through the <see cref="IDistributedCache"/> in the container: SQL Server, Cosmos and others.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    /// <remarks>
    /// Such a cache cannot notify nodes of removals. Every response is therefore used for at most
    /// <see cref="OAuthIntrospectionSharedCacheOptions.FeedPatience"/>, and a DPoP proof can be replayed with another node:
    /// <see cref="DPoPReplayAcrossNodes.Required"/> is rejected at startup. The package <c>IntrospectionAuth.Redis</c> has no such limits.
    /// </remarks>
    public static IServiceCollection AddOAuthIntrospectionDistributedCache(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.TryAddSingleton<ISharedCacheEngine>(static provider => new DistributedCacheEngine(
            provider.GetService<IDistributedCache>()
                ?? throw new InvalidOperationException(
                    $"{nameof(AddOAuthIntrospectionDistributedCache)}: no IDistributedCache is registered. Register the cache that all "
                        + "nodes share, for example with AddDistributedSqlServerCache or AddCosmosCache; in a test, "
                        + "AddDistributedMemoryCache."
                )
        ));
        return services;
    }
}
