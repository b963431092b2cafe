using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Resilience;

/// <summary>Finds the guard of a scheme's server. Another server gets a new one: what was true of the old says nothing about the new.</summary>
internal sealed class ServerGuards
{
    private readonly ConditionalWeakTable<OAuthIntrospectionOptions, ServerGuard> _guards = [];
    private readonly ConcurrentDictionary<string, ServerGuard> _latest = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly RareMessages _rare;
    private readonly ILogger<ServerGuard> _logger;

    public ServerGuards(IntrospectionMetrics metrics, RareMessages rare, ILogger<ServerGuard> logger)
    {
        _rare = rare;
        _logger = logger;
        metrics.ObserveServers(
            () => _latest.Select(static guard => new Measurement<int>(guard.Value.BreakerState, IntrospectionMetrics.SchemeTag(guard.Key))),
            () => _latest.Select(static guard => new Measurement<double>(guard.Value.UsableIn.TotalSeconds, IntrospectionMetrics.SchemeTag(guard.Key))));
    }

    public ServerGuard Get(string scheme, OAuthIntrospectionOptions options)
    {
        if (_guards.TryGetValue(options, out ServerGuard? guard))
            return guard;

        lock (_lock)
        {
            if (_guards.TryGetValue(options, out guard))
                return guard;

            if (!_latest.TryGetValue(scheme, out guard) || !guard.StandsFor(options))
                guard = new ServerGuard(scheme, options, _rare, _logger);
            _guards.Add(options, guard);
            _latest[scheme] = guard;
            return guard;
        }
    }
}
