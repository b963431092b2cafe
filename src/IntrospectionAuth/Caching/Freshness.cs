using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Caching;

/// <summary>Judges for how long an answer may be reused (RFC 7662, section 4), with the options as they are now.</summary>
internal static class Freshness
{
    private static readonly TimeSpan s_sameMoment = TimeSpan.FromSeconds(1);

    /// <summary>Judges what an answer is good for.</summary>
    public static EntryState StateOf(CacheEntry answer, OAuthIntrospectionCacheOptions options, DateTimeOffset now)
    {
        if (answer.ObtainedAt > now) // the clock was set back
            return EntryState.Expired;
        if (now >= End(answer, options))
            return now < StaleEnd(answer, options) ? EntryState.Stale : EntryState.Expired;

        return
            options.RefreshAfter > TimeSpan.Zero
            && answer.Response is not null
            && now - answer.ObtainedAt >= options.RefreshAfter * answer.Key.Jitter
            ? EntryState.RefreshDue
            : EntryState.Fresh;
    }

    /// <summary>Whether an answer is too old for an endpoint that demands a fresh one.</summary>
    public static bool IsTooOld(DateTimeOffset obtainedAt, TimeSpan? demand, DateTimeOffset now) => now - obtainedAt >= demand;

    /// <summary>
    /// Whether the result of a call in flight is too old for a request that came after the server was asked: a kept one would be.
    /// </summary>
    public static bool IsTooOldToShare(
        in CacheKey key,
        IntrospectionResult result,
        TimeSpan? demand,
        OAuthIntrospectionCacheOptions options,
        DateTimeOffset now
    )
    {
        TimeSpan age = now - result.ObtainedAt;
        if (age < TimeSpan.Zero || age >= demand || age >= options.MaximumAge)
            return true;

        // Requests of the same moment share even what is not kept at all.
        return age >= s_sameMoment && now >= End(new CacheEntry(key, result), options);
    }

    /// <returns>Until when an answer is worth keeping; at or before <see cref="CacheEntry.ObtainedAt"/> when it must not be kept at all.</returns>
    public static DateTimeOffset UsableUntil(CacheEntry answer, OAuthIntrospectionCacheOptions options)
    {
        DateTimeOffset end = End(answer, options);
        DateTimeOffset staleEnd = StaleEnd(answer, options);
        return staleEnd > end ? staleEnd : end;
    }

    private static DateTimeOffset End(CacheEntry answer, OAuthIntrospectionCacheOptions options)
    {
        TimeSpan age = OwnMaximumAge(answer, options);
        if (answer.Response is not null && options.HonorCacheControl && answer.ServerMaximumAge < age)
            age = answer.ServerMaximumAge.Value;
        return Earlier(After(answer, age), answer.Facts.ExpiresAt);
    }

    /// <returns>Until when an answer may be served while the server cannot answer: never past <c>exp</c>, nor past the server's
    /// <c>max-age</c> where that is honored.</returns>
    private static DateTimeOffset StaleEnd(CacheEntry answer, OAuthIntrospectionCacheOptions options)
    {
        if (options.StaleIfUnavailable == TimeSpan.Zero || answer.Response is null)
            return DateTimeOffset.MinValue;

        DateTimeOffset own = After(answer, OwnMaximumAge(answer, options));
        DateTimeOffset stale =
            DateTimeOffset.MaxValue - own <= options.StaleIfUnavailable ? DateTimeOffset.MaxValue : own + options.StaleIfUnavailable;
        DateTimeOffset? serverEnd = options.HonorCacheControl && answer.ServerMaximumAge is { } serverAge ? After(answer, serverAge) : null;
        return Earlier(Earlier(stale, serverEnd), answer.Facts.ExpiresAt);
    }

    private static TimeSpan OwnMaximumAge(CacheEntry answer, OAuthIntrospectionCacheOptions options)
    {
        if (answer.Response is null)
            return options.MaximumAge < options.InactiveAge ? options.MaximumAge.Value : options.InactiveAge;

        TimeSpan age = options.MaximumAge ?? TimeSpan.MaxValue;
        return (answer.Facts.ExpiresAt is null || answer.Facts.IsExpiryUncertain) && options.DefaultAge < age ? options.DefaultAge : age;
    }

    private static DateTimeOffset After(CacheEntry answer, TimeSpan age) =>
        age == TimeSpan.MaxValue || DateTimeOffset.MaxValue - answer.ObtainedAt <= age
            ? DateTimeOffset.MaxValue
            : answer.ObtainedAt + (age * answer.Key.Jitter);

    private static DateTimeOffset Earlier(DateTimeOffset end, DateTimeOffset? other) => other < end ? other.Value : end;
}
