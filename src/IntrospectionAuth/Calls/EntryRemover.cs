using IntrospectionAuth.Caching;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.Calls;

/// <summary>Removes entries from the cache and supersedes the in-flight calls that would bring them back.</summary>
internal sealed class EntryRemover(CacheKeyBuilder keys, InFlightCalls calls, IntrospectionCache cache)
{
    /// <summary>Removes the entries of a token under the keys of all options that its scheme has had.</summary>
    /// <returns>The number of entries that were removed.</returns>
    public int Remove(string token)
    {
        // Calls before keys: a call that starts in between has added its key to those that BuildAll returns.
        calls.RecordRemoval(token);
        return keys.BuildAll(token).Sum(it => cache.Remove(it.Scheme, it.Key));
    }

    /// <summary>Removes the active entries that match, by scheme.</summary>
    /// <returns>The number of entries that were removed.</returns>
    public int Remove(Func<string, Predicate<IntrospectionResponse>> matchOf)
    {
        calls.RecordRemoval(matchOf);
        return cache.Remove(matchOf);
    }

    /// <summary>Removes every entry of a scheme, active or not.</summary>
    public void RemoveAll(string scheme)
    {
        calls.RecordRemovalOfScheme(scheme);
        cache.RemoveAll(scheme);
    }
}
