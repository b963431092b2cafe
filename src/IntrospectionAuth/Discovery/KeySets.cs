using IntrospectionAuth.Http;
using IntrospectionAuth.Outcomes;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Discovery;

/// <summary>The keys of the authorization servers that sign their responses.</summary>
internal sealed class KeySets(KeySetClient client, ILogger<KeySets> logger) : IDisposable
{
    /// <summary>How long keys are current.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // The URL that the metadata names now, and the previous one, which in-flight calls may still use. More would let a server fill the
    // memory.
    private const int MostUrls = 2;

    // Not kept with the options, which a reload replaces. Each scheme has its own HTTP client.
    private readonly Dictionary<string, List<(string Url, Remembered<Outcome<KeySet>> Keys)>> _keys = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Gets the keys at the URL, from memory or by fetching them.</summary>
    public Task<Outcome<KeySet>> FindAsync(IntrospectionScheme scheme, Uri url) => Get(scheme.Name, url).FindAsync(scheme.Options);

    /// <summary>Fetches the keys again, because none of the known keys fits.</summary>
    /// <returns>The result; <paramref name="tried"/> if the keys were renewed recently.</returns>
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
