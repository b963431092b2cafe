using IntrospectionAuth.Caching;
using IntrospectionAuth.Introspection;
using IntrospectionAuth.Removals;
using IntrospectionAuth.Responses;

namespace IntrospectionAuth.SharedCache;

/// <summary>Finds and stores responses in the engine.</summary>
internal sealed class SharedResponses(
    ISharedCacheEngine engine,
    EngineGuard guard,
    FleetSecret[] secrets,
    RemovableMembers members,
    FleetMetrics metrics
)
{
    private readonly StringPool _strings = new();
    private readonly SharedEndpoints _endpoints = new();

    /// <summary>How long the engine keeps an entry at most. Without a feed, no node uses it for longer than the patience.</summary>
    public TimeSpan LongestLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Finds a response that a node has shared, unless it was removed since, or may have been.</summary>
    /// <returns>The response, and whether the engine is available.</returns>
    public async Task<(IntrospectionResult? Result, bool IsAvailable)> FindAsync(
        Fleet fleet,
        IntrospectionScheme scheme,
        SharedKey key,
        string token
    )
    {
        if (fleet.FindStamp() is null)
            return (null, false);

        _endpoints.Add(scheme.Name, key.Endpoint);

        (IntrospectionResult? Result, string Outcome) found = (null, "miss");
        for (int i = 0; i < secrets.Length && found.Outcome is not ("hit" or "unavailable"); i++)
        {
            string engineKey = secrets[i].EntryKey(key);
            (bool succeeded, byte[]? value) = await guard.TryAsync("get", it => engine.GetAsync(engineKey, it));
            if (!succeeded)
                found = (null, "unavailable");
            else if (value is not null)
                found = Read(fleet, scheme, SharedEntry.Open(value, secrets[i], engineKey, token), token);
        }

        metrics.LookedUp(scheme.Name, found.Outcome);
        return (found.Result, found.Outcome != "unavailable");
    }

    /// <summary>Shares a response until it expires. A failure has no consequence but further calls.</summary>
    public async Task StoreAsync(IntrospectionScheme scheme, SharedKey key, string token, IntrospectionResult result, FeedStamp stamp)
    {
        if (result.Response is null || result.Body is not { } body || body.Length > SharedEntry.MaximumLength)
            return;

        DateTimeOffset end = Freshness.FreshUntil(new CacheEntry(key.CacheKey, result), scheme.Options.Cache); // stale ones are not shared
        TimeSpan lifetime = end - scheme.Now;
        if (end <= result.ObtainedAt || lifetime < TimeSpan.FromMilliseconds(1))
            return;

        _endpoints.Add(scheme.Name, key.Endpoint);
        string engineKey = secrets[0].EntryKey(key);
        var entry = new SharedEntry
        {
            ObtainedAt = result.ObtainedAt,
            ServerMaximumAge = result.ServerMaximumAge,
            Stamp = stamp,
            Body = body,
        };
        byte[] value = entry.Seal(secrets[0], engineKey, token);
        if (lifetime > LongestLifetime)
            lifetime = LongestLifetime;
        await guard.TryAsync("set", it => engine.SetAsync(engineKey, value, lifetime, it));
    }

    /// <summary>Removes the entries with these keys. No node would use them, except where there is no feed.</summary>
    public void Remove(IReadOnlyList<(string Scheme, CacheKey Key)> keys) =>
        BackgroundWork.Start(
            keys,
            async all =>
            {
                SharedKey[] shared = [.. all.SelectMany(it => _endpoints.KeysOf(it.Scheme, it.Key))];
                foreach (string engineKey in secrets.SelectMany(secret => shared.Select(secret.EntryKey)))
                    await guard.TryAsync("remove", it => engine.RemoveAsync(engineKey, it));
            }
        );

    private (IntrospectionResult? Result, string Outcome) Read(Fleet fleet, IntrospectionScheme scheme, SharedEntry? entry, string token)
    {
        DateTimeOffset now = scheme.Now;
        if (entry is null || entry.ObtainedAt - now > Fleet.MaximumClockDifference)
            return (null, "unreadable");

        DateTimeOffset obtainedAt = entry.ObtainedAt < now ? entry.ObtainedAt : now;
        if (IntrospectionResponseReader.Read(entry.Body.Span, obtainedAt, _strings).Response is not { } response)
            return (null, "unreadable");

        var shared = new SharedResponse(scheme.Name, token, response, obtainedAt, entry.Stamp, members.For(scheme.Name));
        return fleet.IsRemoved(shared) || !fleet.Trusts(obtainedAt, now)
            ? (null, "removed")
            : (IntrospectionResult.Active(response, obtainedAt, entry.ServerMaximumAge), "hit");
    }
}
