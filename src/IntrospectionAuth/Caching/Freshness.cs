using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Caching;

/// <summary>Judges for how long an answer may be reused (RFC 7662, section 4), with the options as they are now.</summary>
internal static class Freshness
{
    /// <summary>Judges what an answer is good for.</summary>
    public static Usability Judge(CachedAnswer answer, OAuthIntrospectionCacheOptions options, DateTimeOffset now)
    {
        if (answer.ObtainedAt > now) // the clock was set back
            return Usability.Ended;
        if (now >= End(answer.Response, answer.ObtainedAt, answer.ServerMaximumAge, answer.Key, options))
            return now < StaleEnd(answer.Response, answer.ObtainedAt, answer.ServerMaximumAge, answer.Key, options) ? Usability.Stale : Usability.Ended;

        return options.RefreshAfter > TimeSpan.Zero && answer.Response is not null && now - answer.ObtainedAt >= options.RefreshAfter * answer.Key.Jitter
            ? Usability.DueForRefresh
            : Usability.Fresh;
    }

    /// <summary>Whether an answer is too old for an endpoint that demands a fresh one.</summary>
    public static bool IsTooOld(DateTimeOffset obtainedAt, TimeSpan? demand, DateTimeOffset now) => now - obtainedAt >= demand;

    /// <returns>Until when an answer is worth keeping; at or before <see cref="IntrospectionResult.ObtainedAt"/> when it must not be kept at all.</returns>
    public static DateTimeOffset KeptEnd(IntrospectionResult result, in CacheKey key, OAuthIntrospectionCacheOptions options)
    {
        DateTimeOffset end = End(result.Response, result.ObtainedAt, result.ServerMaximumAge, key, options);
        DateTimeOffset staleEnd = StaleEnd(result.Response, result.ObtainedAt, result.ServerMaximumAge, key, options);
        return staleEnd > end ? staleEnd : end;
    }

    private static DateTimeOffset End(
        IntrospectionResponse? response, DateTimeOffset obtainedAt, TimeSpan? serverMaximumAge, in CacheKey key, OAuthIntrospectionCacheOptions options)
    {
        TimeSpan age = OwnMaximumAge(response, options);
        if (response is not null && options.HonorCacheControl && serverMaximumAge < age)
            age = serverMaximumAge.Value;
        return Earlier(After(obtainedAt, age, key), response?.ExpiresAt);
    }

    /// <returns>Until when an answer may be served while the server cannot answer: never past <c>exp</c>, nor longer than the server allows.</returns>
    private static DateTimeOffset StaleEnd(
        IntrospectionResponse? response, DateTimeOffset obtainedAt, TimeSpan? serverMaximumAge, in CacheKey key, OAuthIntrospectionCacheOptions options)
    {
        if (options.StaleIfUnavailable == TimeSpan.Zero || response is null)
            return DateTimeOffset.MinValue;

        DateTimeOffset own = After(obtainedAt, OwnMaximumAge(response, options), key);
        DateTimeOffset stale = DateTimeOffset.MaxValue - own <= options.StaleIfUnavailable ? DateTimeOffset.MaxValue : own + options.StaleIfUnavailable;
        DateTimeOffset? serverEnd = options.HonorCacheControl && serverMaximumAge is { } serverAge ? After(obtainedAt, serverAge, key) : null;
        return Earlier(Earlier(stale, serverEnd), response.ExpiresAt);
    }

    private static TimeSpan OwnMaximumAge(IntrospectionResponse? response, OAuthIntrospectionCacheOptions options)
    {
        if (response is null)
            return options.MaximumAge < options.InactiveAge ? options.MaximumAge.Value : options.InactiveAge;

        TimeSpan age = options.MaximumAge ?? TimeSpan.MaxValue;
        return (response.ExpiresAt is null || response.IsExpiryClamped) && options.DefaultAge < age ? options.DefaultAge : age;
    }

    private static DateTimeOffset After(DateTimeOffset obtainedAt, TimeSpan age, in CacheKey key) =>
        age == TimeSpan.MaxValue || DateTimeOffset.MaxValue - obtainedAt <= age ? DateTimeOffset.MaxValue : obtainedAt + (age * key.Jitter);

    private static DateTimeOffset Earlier(DateTimeOffset end, DateTimeOffset? other) => other < end ? other.Value : end;
}
