using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Discovery;

/// <summary>The keys of the authorization servers whose answers are signed.</summary>
internal sealed class KeySets(KeySetClient client, ILogger<KeySets> logger) : IDisposable
{
    /// <summary>How long keys are taken for current.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // The URL that the server names now, and the one before it, by which calls under way may still ask. One that names ever new ones must not fill the memory.
    private const int MostUrls = 2;

    // Not in options, of which a reload makes new ones; and each scheme has an HTTP client of its own.
    private readonly Dictionary<string, List<(string Url, Remembered<Outcome<KeySet>> Keys)>> _keys = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Finds the keys at the URL, from memory or by fetching them.</summary>
    public Task<Outcome<KeySet>> FindAsync(IntrospectionScheme scheme, Uri url) => Get(scheme.Name, url).FindAsync(scheme.Options);

    /// <summary>Fetches the keys anew, because none of those that are known fits.</summary>
    /// <returns>What came of it; what was tried, when that was done lately.</returns>
    public Task<Outcome<KeySet>> RenewAsync(IntrospectionScheme scheme, Uri url, Outcome<KeySet> tried) =>
        Get(scheme.Name, url).RenewAsync(scheme.Options, tried);

    public void Dispose() => _stopping.Cancel();

    private Remembered<Outcome<KeySet>> Get(string scheme, Uri url)
    {
        lock (_lock)
        {
            if (!_keys.TryGetValue(scheme, out List<(string Url, Remembered<Outcome<KeySet>> Keys)>? latest))
                _keys.Add(scheme, latest = []);

            int index = latest.FindIndex(it => it.Url == url.OriginalString);
            if (index >= 0)
                return latest[index].Keys;

            if (latest.Count == MostUrls)
                latest.RemoveAt(0);
            var keys = Create(scheme, url);
            latest.Add((url.OriginalString, keys));
            return keys;
        }
    }

    private Remembered<Outcome<KeySet>> Create(string scheme, Uri url) =>
        new(
            (options, known) => FetchAsync(new(scheme, options), url, hasKnown: known is not null),
            static outcome => outcome.IsAvailable,
            static exception => new Unavailability(UnavailableReason.Unreachable) { Exception = exception }
        )
        {
            Interval = Interval,
        };

    private async Task<Outcome<KeySet>> FetchAsync(IntrospectionScheme scheme, Uri url, bool hasKnown)
    {
        Outcome<KeySet> outcome = await client.FetchAsync(scheme, url, _stopping.Token);
        if (hasKnown && outcome.Unavailability is { Reason: not UnavailableReason.Stopped } unavailability)
        {
            logger.ServerKeysNotRefreshed(
                scheme.Name,
                unavailability.Fault
                    ?? (unavailability.Reason == UnavailableReason.TimedOut ? "no response in time" : "the server could not be reached")
            );
        }

        return outcome;
    }
}
