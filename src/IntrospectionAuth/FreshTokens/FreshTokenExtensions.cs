using IntrospectionAuth.FreshTokens;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Demands for fresh tokens on endpoints and groups.</summary>
public static class FreshTokenExtensions
{
    /// <summary>Requires that the authorization server has been asked about the caller's token lately, on an endpoint or on every endpoint of a group.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint or group.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="maximumAge">The age from which on an answer does not do. <see cref="TimeSpan.Zero"/>: the server is asked for each request.</param>
    /// <returns>The endpoint or group.</returns>
    /// <remarks>
    /// Like <c>RequireAuthorization()</c>, it comes on top of the default policy. Of several on one endpoint the strictest counts. The answer is kept and serves other endpoints
    /// too. While the server cannot answer, the caller gets 503.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumAge"/> is negative.</exception>
    public static TBuilder RequireFreshToken<TBuilder>(this TBuilder builder, TimeSpan maximumAge)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(new FreshTokenAuthorizeData(maximumAge));
}
