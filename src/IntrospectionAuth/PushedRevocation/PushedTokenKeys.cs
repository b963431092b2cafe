using System.Collections.Concurrent;
using IntrospectionAuth.Discovery;
using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.PushedRevocation;

/// <summary>
/// The keys that verify pushed tokens: those at a configured URL, or at the <c>jwks_uri</c> of the metadata of <c>Authority</c>.
/// </summary>
/// <remarks>
/// Anyone can send a forged token. Therefore these keys are kept apart from those that verify introspection responses, every fetch counts
/// as a renewal, and a failure is kept: regardless of the number of tokens, keys are fetched at most once a minute, and after a failure
/// at most once in <see cref="FailureInterval"/>.
/// </remarks>
internal sealed class PushedTokenKeys(ServerDiscovery discovery, KeySetClient client) : IDisposable
{
    public static readonly TimeSpan FailureInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Source, Remembered<Outcome<KeySet>>> _keys = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <param name="scheme">The scheme.</param>
    /// <param name="url">The URL of the keys; null to discover it.</param>
    public Remembered<Outcome<KeySet>> Get(IntrospectionScheme scheme, Uri? url) =>
        _keys.GetOrAdd(
            new(scheme.Name, url?.OriginalString, scheme.Options.Authority, scheme.Options.RequireHttps),
            static (source, self) =>
                new(
                    (options, known) => self.FetchAsync(new(source.Scheme, options), source.Url, hasKnown: known is not null),
                    static outcome => outcome.IsAvailable,
                    static exception => new Unavailability(UnavailableReason.Unreachable) { Exception = exception }
                )
                {
                    Interval = KeySets.Interval,
                    FailureInterval = FailureInterval,
                    EveryFetchRenews = true,
                },
            this
        );

    public void Dispose() => _stopping.Cancel();

    private async Task<Outcome<KeySet>> FetchAsync(IntrospectionScheme scheme, string? url, bool hasKnown)
    {
        if (url is not null)
            return await client.FetchAsync(scheme, new Uri(url), hasKnown, _stopping.Token);

        Outcome<ServerMetadata> metadata = await discovery.FindForPushedTokensAsync(scheme);
        if (!metadata.IsAvailable)
            return metadata.Unavailability;

        Outcome<KeySet> keys = await client.FetchAsync(scheme, metadata.Value.KeysUrl!, hasKnown, _stopping.Token);
        if (keys.Unavailability is { QuestionsMetadata: true })
            discovery.DoubtForPushedTokens(scheme);
        return keys;
    }

    private sealed record Source(string Scheme, string? Url, string? Issuer, bool RequiresHttps);
}
