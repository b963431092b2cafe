using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>Starts nodes that share responses through an <see cref="IDistributedCache"/>.</summary>
internal static class DistributedCacheNode
{
    /// <summary>The timeout of an operation. No other timer has this length.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(51);

    public static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        IDistributedCache? cache,
        ManualTimeProvider time,
        Action<OAuthIntrospectionOptions>? configure = null
    ) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Time = time,
                Services = services =>
                {
                    if (cache is not null)
                        services.AddSingleton(cache);
                    services.AddOAuthIntrospectionDistributedCache();
                    services.AddHealthChecks().AddOAuthIntrospection();
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            options.SharedCache.Secrets.Add(FleetNode.Secret);
                            options.SharedCache.Timeout = Timeout;
                            configure?.Invoke(options);
                        });
                },
            }
        );

    public static OAuthIntrospectionCache CacheOf(TestApi node) => node.Services.GetRequiredService<OAuthIntrospectionCache>();
}
