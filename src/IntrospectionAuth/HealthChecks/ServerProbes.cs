using IntrospectionAuth.Introspection;
using IntrospectionAuth.Server;

namespace IntrospectionAuth.HealthChecks;

/// <summary>Probes authorization servers that have answered no call lately.</summary>
internal sealed class ServerProbes(ServerIntrospector introspector) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Asks the server, or tells what came of asking it within the interval.</summary>
    public Task<IntrospectionResult> AskAsync(SchemeServer server, TimeSpan interval) =>
        server.GetProbe(it => new ServerProbe(it, introspector, _stopping.Token)).AskAsync(interval);

    public void Dispose() => _stopping.Cancel();
}
