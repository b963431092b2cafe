using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using IntrospectionAuth.Caching;
using IntrospectionAuth.ClientCredentials;
using IntrospectionAuth.Resilience;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace IntrospectionAuth.Server;

/// <summary>Finds the authorization server of a scheme: one object for each instance of options.</summary>
internal sealed class SchemeServers
{
    private readonly ConditionalWeakTable<OAuthIntrospectionOptions, SchemeServer> _servers = [];
    private readonly ConcurrentDictionary<string, SchemeState> _states = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly Func<string, SchemeState> _createState;
    private readonly Fleets _fleets;

    public SchemeServers(
        CacheKeyBuilder keys,
        ClientTokens clientTokens,
        Fleets fleets,
        IntrospectionMetrics metrics,
        RareMessages rare,
        ILogger<ServerGuard> logger
    )
    {
        _fleets = fleets;
        _createState = _ => new SchemeState(keys, clientTokens, rare, logger);
        metrics.ObserveServers(
            () => Measure(static guard => NumberOf(guard.Breaker.State)),
            () => Measure(static guard => guard.UsableIn.TotalSeconds)
        );
    }

    public SchemeServer Get(string scheme, OAuthIntrospectionOptions options) =>
        Find(scheme, options) is { } server ? server : Create(scheme, options);

    /// <summary>A server whose options were changed in place is found no more: nothing that is kept may cross to another server.</summary>
    private SchemeServer? Find(string scheme, OAuthIntrospectionOptions options) =>
        _servers.TryGetValue(options, out SchemeServer? server)
        && server.Identity.IsCurrent(options)
        && (ReferenceEquals(server.Name, scheme) || server.Name == scheme)
            ? server
            : null;

    private SchemeServer Create(string scheme, OAuthIntrospectionOptions options)
    {
        lock (_lock)
        {
            if (Find(scheme, options) is { } existing)
                return existing;

            var server = new SchemeServer(new(scheme, options), _states.GetOrAdd(scheme, _createState), _fleets.Find(scheme, options));
            _servers.AddOrUpdate(options, server);
            return server;
        }
    }

    private IEnumerable<Measurement<T>> Measure<T>(Func<ServerGuard, T> measure)
        where T : struct
    {
        foreach ((string scheme, SchemeState state) in _states)
        {
            if (state.LatestGuard is { } guard)
                yield return new Measurement<T>(measure(guard), IntrospectionMetrics.SchemeTag(scheme));
        }
    }

    /// <returns>The value of the metric <c>introspection_auth.breaker.state</c>.</returns>
    private static int NumberOf(CircuitState state) =>
        state switch
        {
            CircuitState.Closed => 0,
            CircuitState.HalfOpen => 1,
            _ => 2,
        };
}
