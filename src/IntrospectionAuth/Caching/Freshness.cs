using IntrospectionAuth.Introspection;

namespace IntrospectionAuth.Caching;

/// <summary>Judges until when an answer may be reused (RFC 7662, section 4), with the options as they are now.</summary>
internal static class Freshness
{
    /// <returns>The end of reuse, itself excluded; at or before <see cref="IntrospectionResult.ObtainedAt"/> when the answer must not be reused at all.</returns>
    public static DateTimeOffset End(IntrospectionResult result, in CacheKey key, OAuthIntrospectionCacheOptions options)
    {
        TimeSpan age = MaximumAge(result, options);
        DateTimeOffset end = DateTimeOffset.MaxValue - result.ObtainedAt <= age ? DateTimeOffset.MaxValue : result.ObtainedAt + (age * key.Jitter);
        return result.Response?.ExpiresAt is { } expiresAt && expiresAt < end ? expiresAt : end;
    }

    private static TimeSpan MaximumAge(IntrospectionResult result, OAuthIntrospectionCacheOptions options)
    {
        if (result.Response is not { } response)
            return result.IsUnavailable ? TimeSpan.Zero : options.MaximumAge < options.InactiveAge ? options.MaximumAge.Value : options.InactiveAge;

        TimeSpan age = options.MaximumAge ?? TimeSpan.MaxValue;
        if ((response.ExpiresAt is null || response.IsExpiryClamped) && options.DefaultAge < age)
            age = options.DefaultAge;
        if (options.HonorCacheControl && result.ServerMaximumAge < age)
            age = result.ServerMaximumAge.Value;
        return age;
    }
}
