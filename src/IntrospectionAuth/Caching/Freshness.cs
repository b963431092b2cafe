using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Caching;

/// <summary>Decides how long a response may be reused (RFC 7662, section 4), by the options as they are now.</summary>
internal static class Freshness
{
    // Requests that arrive within this time of each other share a response that must not be cached.
    private static readonly TimeSpan s_sameMoment = TimeSpan.FromSeconds(1);

    public static EntryState StateOf(CacheEntry entry, OAuthIntrospectionCacheOptions options, DateTimeOffset now)
    {
        if (entry.ObtainedAt > now) // the clock was set back
            return EntryState.Expired;
        if (now >= FreshUntil(entry, options))
            return now < UsableUntil(entry, options) ? EntryState.Stale : EntryState.Expired;

        return
            options.RefreshAfter > TimeSpan.Zero
            && entry.Response is not null
            && now - entry.ObtainedAt >= options.RefreshAfter * entry.Key.Jitter
            ? EntryState.RefreshDue
            : EntryState.Fresh;
    }

    /// <returns>When the entry stops being fresh, and the option or member that ends it, for the diagnostics page.</returns>
    public static (DateTimeOffset Until, string EndedBy) FreshnessEnd(CacheEntry entry, OAuthIntrospectionCacheOptions options)
    {
        DateTimeOffset own = OwnEnd(entry, options);
        DateTimeOffset latest = LatestEnd(entry, options);
        if (latest <= own && latest < DateTimeOffset.MaxValue)
            return (latest, entry.Facts.ExpiresAt == latest ? "exp" : "max-age");

        // In the order of OwnEnd, where the shortest age counts.
        TimeSpan? special =
            entry.Response is null ? options.InactiveAge
            : entry.Facts.ExpiresAt is null || entry.Facts.IsExpiryUncertain ? options.DefaultAge
            : null;
        bool isSpecial = special is not null && !(options.MaximumAge < special);
        return (
            own,
            !isSpecial ? "MaximumAge"
            : entry.Response is null ? "InactiveAge"
            : "DefaultAge"
        );
    }

    /// <summary>Whether a response is older than the endpoint's required freshness allows.</summary>
    public static bool IsTooOld(DateTimeOffset obtainedAt, TimeSpan? requiredFreshness, DateTimeOffset now) =>
        now - obtainedAt >= requiredFreshness;

    /// <summary>
    /// Whether the result of an in-flight call is too old for a request that joined it after the server was asked. A cache entry of that
    /// age would be too old, too.
    /// </summary>
    public static bool IsTooOldToShare(
        in CacheKey key,
        IntrospectionResult result,
        TimeSpan? requiredFreshness,
        OAuthIntrospectionCacheOptions options,
        DateTimeOffset now
    )
    {
        TimeSpan age = now - result.ObtainedAt;
        if (age < TimeSpan.Zero || age >= requiredFreshness || age >= options.MaximumAge)
            return true;

        return age >= s_sameMoment && now >= FreshUntil(new CacheEntry(key, result), options);
    }

    /// <returns>
    /// When the entry expires, its time as a stale response included; at or before <see cref="CacheEntry.ObtainedAt"/> when it must not be
    /// stored.
    /// </returns>
    public static DateTimeOffset UsableUntil(CacheEntry entry, OAuthIntrospectionCacheOptions options)
    {
        DateTimeOffset end = OwnEnd(entry, options);
        if (entry.Response is not null)
            end = DateTimeOffset.MaxValue - end <= options.StaleIfUnavailable ? DateTimeOffset.MaxValue : end + options.StaleIfUnavailable;
        return Earlier(end, LatestEnd(entry, options));
    }

    /// <returns>When the entry becomes stale; at or before <see cref="CacheEntry.ObtainedAt"/> when it is never fresh.</returns>
    public static DateTimeOffset FreshUntil(CacheEntry entry, OAuthIntrospectionCacheOptions options) =>
        Earlier(OwnEnd(entry, options), LatestEnd(entry, options));

    /// <summary>The end of the age that the options allow.</summary>
    private static DateTimeOffset OwnEnd(CacheEntry entry, OAuthIntrospectionCacheOptions options)
    {
        TimeSpan age = options.MaximumAge ?? TimeSpan.MaxValue;
        if (entry.Response is null)
            age = Shorter(age, options.InactiveAge);
        else if (entry.Facts.ExpiresAt is null || entry.Facts.IsExpiryUncertain)
            age = Shorter(age, options.DefaultAge);
        return After(entry, age);
    }

    /// <summary>The end that no option extends: <c>exp</c> and, where it is honored, the server's <c>max-age</c>.</summary>
    private static DateTimeOffset LatestEnd(CacheEntry entry, OAuthIntrospectionCacheOptions options)
    {
        DateTimeOffset end = entry.Facts.ExpiresAt ?? DateTimeOffset.MaxValue;
        return options.HonorCacheControl && entry.Response is not null && entry.ServerMaximumAge is { } age
            ? Earlier(end, After(entry, age))
            : end;
    }

    private static DateTimeOffset After(CacheEntry entry, TimeSpan age)
    {
        if (age == TimeSpan.MaxValue) // no limit
            return DateTimeOffset.MaxValue;

        TimeSpan shortened = age * entry.Key.Jitter; // rounded, and therefore sometimes longer by a few ticks
        return DateTimeOffset.MaxValue - entry.ObtainedAt <= shortened ? DateTimeOffset.MaxValue : entry.ObtainedAt + shortened;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
