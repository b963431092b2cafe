using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.ServerKeys;

/// <summary>The keys of the authorization servers whose answers are signed.</summary>
internal sealed class KeySets(KeySetClient client, ILogger<KeySets> logger) : IDisposable
{
    // Not in options, of which a reload makes new ones; and each scheme has an HTTP client of its own.
    private readonly ConcurrentDictionary<(string Scheme, string Url), RememberedKeys> _keys = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Finds the keys at the URL, from memory or by fetching them.</summary>
    public Task<KeySetReading> FindAsync(string scheme, Uri url, OAuthIntrospectionOptions options) => Get(scheme, url).FindAsync(options);

    /// <summary>Fetches the keys anew, because none of those that are known fits.</summary>
    /// <returns>What came of it; what was tried, when that was done lately.</returns>
    public Task<KeySetReading> RenewAsync(string scheme, Uri url, OAuthIntrospectionOptions options, KeySetReading tried) => Get(scheme, url).RenewAsync(options, tried);

    public void Dispose() => _stopping.Cancel();

    private RememberedKeys Get(string scheme, Uri url) => _keys.GetOrAdd(
        (scheme, url.OriginalString),
        static (key, self) => new RememberedKeys((options, hasKnown) => self.FetchAsync(key.Scheme, new Uri(key.Url), options, hasKnown)),
        this);

    private async Task<KeySetReading> FetchAsync(string scheme, Uri url, OAuthIntrospectionOptions options, bool hasKnown)
    {
        KeySetReading reading = await client.FetchAsync(scheme, url, options, _stopping.Token);
        if (hasKnown && reading is { Keys: null, IsStopped: false })
            logger.ServerKeysNotRenewed(scheme, reading.Fault ?? (reading.HasTimedOut ? "no answer in time" : "the server could not be reached"));
        return reading;
    }
}
