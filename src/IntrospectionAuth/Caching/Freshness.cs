using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Caching;

/// <summary>Judges for how long an answer may be reused (RFC 7662, section 4), with the options as they are now.</summary>
internal static class Freshness
{
    /// <summary>Judges what an answer is good for.</summary>
    public static Usability Judge(IntrospectionResult result, in CacheKey key, OAuthIntrospectionCacheOptions options, DateTimeOffset now)
    {
        if (result.ObtainedAt > now) // the clock was set back
            return Usability.Ended;
        if (now >= End(result, key, options))
            return now < StaleEnd(result, key, options) ? Usability.Stale : Usability.Ended;

        return options.RefreshAfter > TimeSpan.Zero && result.Response is not null && now - result.ObtainedAt >= options.RefreshAfter * key.Jitter
            ? Usability.DueForRefresh
            : Usability.Fresh;
    }

    /// <summary>Whether the answer is too old for an endpoint that demands a fresh one.</summary>
    public static bool IsTooOld(IntrospectionResult result, TimeSpan? demand, DateTimeOffset now) => now - result.ObtainedAt >= demand;

    /// <returns>The end of reuse, itself excluded; at or before <see cref="IntrospectionResult.ObtainedAt"/> when the answer must not be reused at all.</returns>
    public static DateTimeOffset End(IntrospectionResult result, in CacheKey key, OAuthIntrospectionCacheOptions options)
    {
        TimeSpan age = OwnMaximumAge(result, options);
        if (ServerMaximumAge(result, options) is { } serverAge && serverAge < age)
            age = serverAge;
        return Earlier(After(result, age, key), result.Response?.ExpiresAt);
    }

    /// <returns>Until when an answer may be served while the server cannot answer: never past <c>exp</c>, nor longer than the server allows.</returns>
    public static DateTimeOffset StaleEnd(IntrospectionResult result, in CacheKey key, OAuthIntrospectionCacheOptions options)
    {
        if (options.StaleIfUnavailable == TimeSpan.Zero || result.Response is not { } response)
            return DateTimeOffset.MinValue;

        DateTimeOffset own = After(result, OwnMaximumAge(result, options), key);
        DateTimeOffset stale = DateTimeOffset.MaxValue - own <= options.StaleIfUnavailable ? DateTimeOffset.MaxValue : own + options.StaleIfUnavailable;
        DateTimeOffset? serverEnd = ServerMaximumAge(result, options) is { } serverAge ? After(result, serverAge, key) : null;
        return Earlier(Earlier(stale, serverEnd), response.ExpiresAt);
    }

    private static TimeSpan OwnMaximumAge(IntrospectionResult result, OAuthIntrospectionCacheOptions options)
    {
        if (result.Response is not { } response)
            return result.IsUnavailable ? TimeSpan.Zero : options.MaximumAge < options.InactiveAge ? options.MaximumAge.Value : options.InactiveAge;

        TimeSpan age = options.MaximumAge ?? TimeSpan.MaxValue;
        return (response.ExpiresAt is null || response.IsExpiryClamped) && options.DefaultAge < age ? options.DefaultAge : age;
    }

    private static TimeSpan? ServerMaximumAge(IntrospectionResult result, OAuthIntrospectionCacheOptions options) =>
        result.Response is not null && options.HonorCacheControl ? result.ServerMaximumAge : null;

    private static DateTimeOffset After(IntrospectionResult result, TimeSpan age, in CacheKey key) =>
        DateTimeOffset.MaxValue - result.ObtainedAt <= age ? DateTimeOffset.MaxValue : result.ObtainedAt + (age * key.Jitter);

    private static DateTimeOffset Earlier(DateTimeOffset end, DateTimeOffset? other) => other < end ? other.Value : end;
}
