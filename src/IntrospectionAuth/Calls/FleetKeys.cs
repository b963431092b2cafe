using IntrospectionAuth.Discovery;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Server;
using IntrospectionAuth.SharedCache;

namespace IntrospectionAuth.Calls;

/// <summary>Finds the key of a call in the shared cache. A discovered endpoint is a part of it, so it is discovered first.</summary>
internal sealed class FleetKeys(ServerDiscovery discovery)
{
    /// <returns>The key; null if the endpoint is not found within the limit. Then no shared response may be used.</returns>
    public async Task<SharedKey?> FindAsync(InFlightCall call, TimeSpan limit, CancellationToken stopping)
    {
        SchemeServer server = call.Server;
        if (!server.Options.DiscoversEndpoint)
            return new SharedKey(call.Key, endpoint: null);
        if (!discovery.IsKnown(server.Scheme) && server.Guard.UsableIn > TimeSpan.Zero)
            return null; // the server must not be called now, not even for its metadata

        using var timer = new CancellationTokenSource(limit, server.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stopping);
        Outcome<ServerMetadata> discovered = await discovery.FindAsync(server.Scheme, stopping, end.Token);
        return discovered.Value is { } metadata ? new SharedKey(call.Key, metadata.EndpointFor(server.Options)?.OriginalString) : null;
    }

    /// <returns>The key of the response to a call that has asked.</returns>
    public static SharedKey OfResponse(InFlightCall call) => new(call.Key, call.Endpoint);
}
