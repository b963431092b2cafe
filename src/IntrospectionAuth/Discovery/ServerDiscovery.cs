using System.Collections.Concurrent;
using System.Diagnostics;
using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using IntrospectionAuth.Telemetry;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Discovery;

/// <summary>
/// Finds the metadata of authorization servers: the introspection endpoint, or the URL of the keys that sign responses (RFC 8414; OpenID
/// Connect Discovery 1.0).
/// </summary>
internal sealed class ServerDiscovery(
    MetadataClient client,
    IntrospectionActivities activities,
    PlainHttpWarnings plainHttp,
    ILogger<ServerDiscovery> logger
) : IDisposable
{
    /// <summary>How long metadata is current.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(12);

    /// <summary>How long a description of the API waits for metadata.</summary>
    public static readonly TimeSpan LongestDescription = TimeSpan.FromSeconds(5);

    // Not kept with the options, which a reload replaces. Metadata that was read for other needs is not reused: it may lack a member, or
    // have http URLs where https is required.
    private readonly ConcurrentDictionary<Subject, Remembered<Outcome<ServerMetadata>>> _servers = new();

    // Otherwise each reader of a description would make this API call a server that is down.
    private readonly ConcurrentDictionary<Subject, Remembered<Outcome<ServerMetadata>>> _described = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Raised when the metadata names another endpoint than before. Calls that begin afterwards use it.</summary>
    public event EventHandler<EndpointMovedEventArgs>? EndpointMoved;

    /// <summary>Gets the metadata that introspection needs, from memory or by fetching it.</summary>
    public async Task<Outcome<ServerMetadata>> FindAsync(
        IntrospectionScheme scheme,
        CancellationToken stopping,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await Get(scheme, MetadataNeeds.OfIntrospection(scheme.Options)).FindAsync(scheme.Options).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            UnavailableReason reason = stopping.IsCancellationRequested ? UnavailableReason.Stopped : UnavailableReason.TimedOut;
            return new Unavailability(reason) { Exception = exception };
        }
    }

    /// <summary>Whether the metadata that introspection needs is in memory.</summary>
    public bool IsKnown(IntrospectionScheme scheme) => Get(scheme, MetadataNeeds.OfIntrospection(scheme.Options)).IsKnown;

    /// <returns>What the last discovery found; null when there was none.</returns>
    public Outcome<ServerMetadata>? FindLatest(IntrospectionScheme scheme) =>
        scheme.Options.NeedsMetadata
        && _servers.TryGetValue(SubjectOf(scheme, MetadataNeeds.OfIntrospection(scheme.Options)), out var server)
            ? server.Latest
            : null;

    /// <summary>
    /// Gets the metadata for a description of the API: the same that introspection uses, if it uses any. A server whose metadata is unknown
    /// is asked at most once a minute, and a description waits 5 seconds at most.
    /// </summary>
    /// <returns>The metadata; null when it is unknown.</returns>
    public async Task<ServerMetadata?> FindForDescriptionAsync(IntrospectionScheme scheme, CancellationToken cancellationToken)
    {
        Subject subject = SubjectOf(scheme, MetadataNeeds.OfIntrospection(scheme.Options));
        Remembered<Outcome<ServerMetadata>> server = Get(scheme, subject.Needs);
        if (!server.IsKnown)
            server = _described.GetOrAdd(subject, static (_, server) => LimitFailures(server), server);
        try
        {
            return (await server.FindAsync(scheme.Options).WaitAsync(LongestDescription, scheme.Time, cancellationToken)).Value;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Gets the metadata that the verification of pushed tokens needs.</summary>
    public Task<Outcome<ServerMetadata>> FindForPushedTokensAsync(IntrospectionScheme scheme) =>
        Get(scheme, MetadataNeeds.OfPushedTokens).FindAsync(scheme.Options);

    /// <summary>The endpoint or the keys may have moved: the metadata is fetched again at the next use, at most once a minute.</summary>
    public void Doubt(IntrospectionScheme scheme) => Get(scheme, MetadataNeeds.OfIntrospection(scheme.Options)).Doubt();

    /// <inheritdoc cref="Doubt"/>
    public void DoubtForPushedTokens(IntrospectionScheme scheme) => Get(scheme, MetadataNeeds.OfPushedTokens).Doubt();

    public void Dispose() => _stopping.Cancel();

    private static Remembered<Outcome<ServerMetadata>> LimitFailures(Remembered<Outcome<ServerMetadata>> server) =>
        new(
            (options, _) => server.FindAsync(options),
            static outcome => outcome.IsAvailable,
            static exception => new Unavailability(UnavailableReason.Unreachable) { Exception = exception }
        )
        {
            FailureInterval = TimeSpan.FromMinutes(1),
        };

    private Remembered<Outcome<ServerMetadata>> Get(IntrospectionScheme scheme, MetadataNeeds needs) =>
        _servers.GetOrAdd(
            SubjectOf(scheme, needs),
            static (key, self) =>
                new Remembered<Outcome<ServerMetadata>>(
                    (options, _) => self.SearchAsync(new(key.Scheme, options), key.Needs),
                    static outcome => outcome.IsAvailable,
                    static exception => new Unavailability(UnavailableReason.Unreachable) { Exception = exception }
                )
                {
                    Interval = Interval,
                    OnFetched = (before, now) => self.NoteChange(key.Scheme, before?.Value, now.Value!),
                    OnFailed = (known, failure) => self.NoteFailure(key.Scheme, isRefresh: known is not null, failure.Unavailability!),
                },
            this
        );

    private static Subject SubjectOf(IntrospectionScheme scheme, MetadataNeeds needs) =>
        new(scheme.Name, scheme.Options.Authority!, needs, scheme.Options.RequireHttps);

    private async Task<Outcome<ServerMetadata>> SearchAsync(IntrospectionScheme scheme, MetadataNeeds needs)
    {
        using Activity? activity = activities.StartDiscovery(scheme.Name);
        Outcome<ServerMetadata> result = await client.FetchAsync(scheme, needs, _stopping.Token);
        IntrospectionActivities.EndDiscovery(activity, result.Unavailability?.ErrorType);
        return result;
    }

    /// <summary>Logs why known metadata could not be fetched again. Without any, the call that needs it fails and says why.</summary>
    private void NoteFailure(string scheme, bool isRefresh, Unavailability unavailability)
    {
        if (isRefresh && unavailability.Reason != UnavailableReason.Stopped)
            logger.RediscoveryFailed(scheme, unavailability.Fault ?? unavailability.ErrorType);
    }

    private void NoteChange(string scheme, ServerMetadata? before, ServerMetadata now)
    {
        plainHttp.Note(scheme, now.Urls);
        if (now.EndpointName is not { } endpoint)
            return;

        if (before is null)
        {
            logger.Discovered(scheme, endpoint);
        }
        else if (!before.NamesSameEndpointsAs(now))
        {
            EndpointMoved?.Invoke(this, new EndpointMovedEventArgs(scheme));
            logger.EndpointMoved(scheme, endpoint);
        }
    }

    private sealed record Subject(string Scheme, string Issuer, MetadataNeeds Needs, bool RequiresHttps);
}
