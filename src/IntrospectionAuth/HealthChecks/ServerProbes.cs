using IntrospectionAuth.Introspection;
using IntrospectionAuth.Server;

namespace IntrospectionAuth.HealthChecks;

/// <summary>Probes authorization servers without a recent response.</summary>
internal sealed class ServerProbes(ServerIntrospector introspector) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Probes the server, or returns the result of a probe within the interval.</summary>
    public Task<IntrospectionResult> ProbeAsync(SchemeServer server, TimeSpan interval) =>
        server.GetProbe(it => new ServerProbe(it, introspector, _stopping.Token)).ProbeAsync(interval);

    public void Dispose() => _stopping.Cancel();
}
