using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using IntrospectionAuth.Server;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Resilience;

/// <summary>Finds the guard of a scheme's server. Another server gets a new one: what was true of the old says nothing about the new.</summary>
internal sealed class ServerGuards
{
    private readonly ConditionalWeakTable<ServerIdentity, ServerGuard> _guards = [];
    private readonly ConcurrentDictionary<string, ServerGuard> _latest = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly ServerIdentities _servers;
    private readonly RareMessages _rare;
    private readonly ILogger<ServerGuard> _logger;

    public ServerGuards(ServerIdentities servers, IntrospectionMetrics metrics, RareMessages rare, ILogger<ServerGuard> logger)
    {
        _servers = servers;
        _rare = rare;
        _logger = logger;
        metrics.ObserveServers(
            () => _latest.Select(static guard => new Measurement<int>(guard.Value.BreakerState, IntrospectionMetrics.SchemeTag(guard.Key))),
            () =>
                _latest.Select(static guard => new Measurement<double>(
                    guard.Value.UsableIn.TotalSeconds,
                    IntrospectionMetrics.SchemeTag(guard.Key)
                ))
        );
    }

    public ServerGuard Get(string scheme, OAuthIntrospectionOptions options)
    {
        ServerIdentity server = _servers.Get(options);
        if (_guards.TryGetValue(server, out ServerGuard? guard))
            return guard;

        lock (_lock)
        {
            if (_guards.TryGetValue(server, out guard))
                return guard;

            if (!_latest.TryGetValue(scheme, out guard) || !guard.Server.SharesGuardWith(server))
                guard = new ServerGuard(scheme, options, server, _rare, _logger);
            _guards.Add(server, guard);
            _latest[scheme] = guard;
            return guard;
        }
    }
}
