using System.Collections.Concurrent;
using System.Diagnostics;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Discovery;

/// <summary>Finds what schemes need of their servers' metadata: the introspection endpoint, or the keys that sign answers (RFC 8414; OpenID Connect Discovery 1.0).</summary>
internal sealed class ServerDiscovery(
    MetadataClient client,
    IntrospectionActivities activities,
    PlainHttpWarnings plainHttp,
    ILogger<ServerDiscovery> logger
) : IDisposable
{
    /// <summary>How long metadata is taken for current.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(12);

    // Not in options, of which a reload makes new ones; and another issuer is another server. What was not needed was not looked for, and
    // metadata that was accepted with http URLs does not serve where https is required.
    private readonly ConcurrentDictionary<Need, Remembered<Outcome<ServerMetadata>>> _servers = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Called with the scheme when another endpoint than before was found: calls that begin from now on use it.</summary>
    public Action<string> OnEndpointMoved { get; set; } = static _ => { };

    /// <summary>Finds the metadata, from memory or by asking.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="stopping">Cancelled when the application stops.</param>
    /// <param name="cancellationToken">Cancelled when the timeout of this caller has passed, or the application stops.</param>
    public async Task<Outcome<ServerMetadata>> FindAsync(
        IntrospectionScheme scheme,
        CancellationToken stopping,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await Get(scheme).FindAsync(scheme.Options).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            UnavailableReason reason = stopping.IsCancellationRequested ? UnavailableReason.Stopped : UnavailableReason.TimedOut;
            return new Unavailability(reason) { Exception = exception };
        }
    }

    /// <summary>The endpoint or the keys may have moved: the metadata is fetched again at the next use, at most once a minute.</summary>
    public void Doubt(IntrospectionScheme scheme) => Get(scheme).Doubt();

    public void Dispose() => _stopping.Cancel();

    private Remembered<Outcome<ServerMetadata>> Get(IntrospectionScheme scheme) =>
        _servers.GetOrAdd(
            Need.Of(scheme),
            static (key, self) =>
                new Remembered<Outcome<ServerMetadata>>(
                    (options, known) => self.SearchAsync(new(key.Scheme, options), isRefresh: known is not null),
                    static outcome => outcome.IsAvailable,
                    static exception => new Unavailability(UnavailableReason.Unreachable) { Exception = exception }
                )
                {
                    Interval = Interval,
                    OnFetched = (before, now) => self.NoteChange(key.Scheme, before?.Value, now.Value!),
                },
            this
        );

    private async Task<Outcome<ServerMetadata>> SearchAsync(IntrospectionScheme scheme, bool isRefresh)
    {
        using Activity? activity = activities.StartDiscovery(scheme.Name);
        Outcome<ServerMetadata> result = await client.FetchAsync(scheme, _stopping.Token);
        IntrospectionActivities.EndDiscovery(activity, result.Unavailability?.ErrorType);

        if (isRefresh && result.Unavailability is { Reason: not UnavailableReason.Stopped } unavailability)
            logger.RediscoveryFailed(scheme.Name, unavailability.Fault ?? unavailability.ErrorType);
        return result;
    }

    private void NoteChange(string scheme, ServerMetadata? before, ServerMetadata now)
    {
        plainHttp.Note(scheme, now);
        if (now.EndpointName is not { } endpoint)
            return;

        if (before is null)
        {
            logger.Discovered(scheme, endpoint);
        }
        else if (!before.NamesSameEndpointsAs(now))
        {
            OnEndpointMoved(scheme);
            logger.EndpointMoved(scheme, endpoint);
        }
    }

    private sealed record Need(string Scheme, string Issuer, bool NeedsEndpoint, bool NeedsKeys, bool RequiresHttps)
    {
        public static Need Of(IntrospectionScheme scheme)
        {
            OAuthIntrospectionOptions options = scheme.Options;
            return new(scheme.Name, options.Authority!, options.DiscoversEndpoint, options.RequireSignedResponse, options.RequireHttps);
        }
    }
}
