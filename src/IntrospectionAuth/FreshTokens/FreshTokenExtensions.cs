using IntrospectionAuth.FreshTokens;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Requires fresh tokens on endpoints and groups.</summary>
public static class FreshTokenExtensions
{
    /// <summary>
    /// Requires that the authorization server responded about the caller's token recently, on an endpoint or every endpoint of a group.
    /// </summary>
    /// <typeparam name="TBuilder">The type of the endpoint or group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="maximumAge">
    /// The maximum age of the response. <see cref="TimeSpan.Zero"/> requires a new response for each request.
    /// </param>
    /// <returns>The endpoint or group.</returns>
    /// <remarks>
    /// Like <c>RequireAuthorization()</c>, it applies in addition to the default policy. When an endpoint has several, the lowest age
    /// counts.
    /// The new response is cached and serves other endpoints too. While the authorization server is unavailable, callers get 503.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumAge"/> is negative.</exception>
    public static TBuilder RequireFreshToken<TBuilder>(this TBuilder builder, TimeSpan maximumAge)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new FreshTokenMetadata(new FreshTokenRequirement(maximumAge)));
}
