using System.Collections.Concurrent;
using IntrospectionAuth.Caching;

namespace IntrospectionAuth.SharedCache;

/// <summary>The endpoints that this process has discovered for each scheme, to find every shared entry of a token.</summary>
internal sealed class SharedEndpoints
{
    // A server that names more endpoints than this moves all the time. Then entries are left to expire.
    private const int Maximum = 100;

    private readonly ConcurrentDictionary<(string Scheme, string Endpoint), bool> _known = new();

    public void Add(string scheme, string? endpoint)
    {
        if (endpoint is not null && !_known.ContainsKey((scheme, endpoint)) && _known.Count < Maximum)
            _known.TryAdd((scheme, endpoint), true);
    }

    /// <returns>The keys under which the responses with a cache key may be shared.</returns>
    public IEnumerable<SharedKey> KeysOf(string scheme, CacheKey key)
    {
        yield return new SharedKey(key, endpoint: null);
        foreach ((string name, string endpoint) in _known.Keys)
        {
            if (name == scheme)
                yield return new SharedKey(key, endpoint);
        }
    }
}
