using IntrospectionAuth.Outcomes;

namespace IntrospectionAuth.Discovery;

/// <summary>The keys of the authorization servers that sign their responses.</summary>
internal sealed class KeySets(KeySetClient client) : IDisposable
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

    public void Dispose() => _stopping.Cancel();

    /// <summary>Gets the keys at the URL.</summary>
    public Remembered<Outcome<KeySet>> Get(string scheme, Uri url)
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
            (options, known) => client.FetchAsync(new(scheme, options), url, hasKnown: known is not null, _stopping.Token),
            static outcome => outcome.IsAvailable,
            static exception => new Unavailability(UnavailableReason.Unreachable) { Exception = exception }
        )
        {
            Interval = Interval,
        };
}
