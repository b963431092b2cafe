using IntrospectionAuth;
using IntrospectionAuth.Redis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that share introspection responses and removals through Redis.</summary>
/// <remarks>
/// The engine works with every server that speaks the protocol of Redis, such as Valkey and Garnet. It is in use when
/// <see cref="OAuthIntrospectionSharedCacheOptions.Secrets"/> has a secret. Another engine stays in use if it is registered before.
/// </remarks>
public static class OAuthIntrospectionRedisExtensions
{
    /// <summary>
    /// Adds Redis as the shared cache, at <see cref="OAuthIntrospectionSharedCacheOptions.Redis"/> of the introspection schemes, or else
    /// through the <see cref="IConnectionMultiplexer"/> in the container.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddOAuthIntrospectionRedis(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<SchemeConnection>, ReadSchemes>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SchemeConnection>, ReadSchemes>());
        services.AddOptions<SchemeConnection>().ValidateOnStart();
        services.TryAddSingleton<ISharedCacheEngine>(static services =>
            services.GetRequiredService<IOptions<SchemeConnection>>().Value.Settings is [var (_, redis), ..]
                ? CreateEngine(ConnectionString.Parse(redis)!)
                : CreateEngine(services.GetRequiredService<IConnectionMultiplexer>)
        );
        return services;
    }

    /// <summary>Adds Redis as the shared cache.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">A configuration string of StackExchange.Redis, such as <c>localhost:6379</c>.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException"><paramref name="configuration"/> is not a configuration string.</exception>
    public static IServiceCollection AddOAuthIntrospectionRedis(this IServiceCollection services, string configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(configuration);
        ConfigurationOptions options =
            ConnectionString.Parse(configuration)
            ?? throw new ArgumentException(
                "This is not a configuration string of StackExchange.Redis, such as 'localhost:6379,ssl=true'.",
                nameof(configuration)
            );

        services.TryAddSingleton<ISharedCacheEngine>(_ => CreateEngine(options));
        return services;
    }

    /// <summary>Adds Redis as the shared cache, through a connection of the application.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connection">The connection. The application closes it.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddOAuthIntrospectionRedis(this IServiceCollection services, IConnectionMultiplexer connection)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(connection);

        services.TryAddSingleton<ISharedCacheEngine>(_ => CreateEngine(() => connection));
        return services;
    }

    private static RedisEngine CreateEngine(Func<IConnectionMultiplexer> find) =>
        new(new RedisConnection(() => Task.FromResult(find()), isOwned: false), TimeProvider.System);

    private static RedisEngine CreateEngine(ConfigurationOptions options) =>
        new(new RedisConnection(async () => await ConnectionMultiplexer.ConnectAsync(options), isOwned: true), TimeProvider.System);
}
