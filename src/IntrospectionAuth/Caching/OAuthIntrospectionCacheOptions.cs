namespace IntrospectionAuth;

/// <summary>How long, and how many, responses of the authorization server are cached.</summary>
/// <remarks>
/// An active response is never reused after its <c>exp</c> (RFC 7662, section 4). These options can only shorten that. Each age is
/// shortened by up to a further 10 %, differently for each token, so that responses obtained together are not refreshed together.
/// </remarks>
public sealed class OAuthIntrospectionCacheOptions
{
    /// <summary>Gets or sets the maximum age of a response. An older response is not reused.</summary>
    /// <value>
    /// The default is <see langword="null"/>: until <c>exp</c>. 0 or more. With 0, each request makes its own call, and requests do not
    /// share responses.
    /// </value>
    /// <remarks>
    /// It also limits <see cref="InactiveAge"/>. This trades load for freshness: a token that is revoked at the authorization server
    /// remains accepted here for up to this time.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? MaximumAge
    {
        get;
        set => field = OptionValue.AtLeast(value, TimeSpan.Zero);
    }

    /// <summary>Gets or sets the maximum age of an active response without <c>exp</c>.</summary>
    /// <value>The default is 5 minutes. 0 or more. With 0, such responses are not cached.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan DefaultAge
    {
        get;
        set => field = OptionValue.AtLeast(value, TimeSpan.Zero);
    } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets the age at which an active response in use is refreshed in the background.</summary>
    /// <value>The default is 5 minutes. 0 or more. With 0, there is no background refresh.</value>
    /// <remarks>
    /// No request waits for a refresh. A token that is no longer active is rejected once the new response arrives. While the server is
    /// unavailable, the cached response remains usable until <c>exp</c> or <see cref="MaximumAge"/>. There is one call per token at a time,
    /// and at most a quarter of <see cref="OAuthIntrospectionResilienceOptions.MaximumConcurrentCalls"/> for all tokens together.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan RefreshAfter
    {
        get;
        set => field = OptionValue.AtLeast(value, TimeSpan.Zero);
    } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets how long a stale active response may be reused, past <see cref="MaximumAge"/> or <see cref="DefaultAge"/>, while the
    /// authorization server is unavailable.
    /// </summary>
    /// <value>The default is 0. 0 or more. Never past <c>exp</c>.</value>
    /// <remarks>
    /// With <see cref="HonorCacheControl"/>, a response is also never reused past the server's <c>max-age</c>. Each such request first
    /// calls the server. This trades security for availability: while the server is down, a revoked token remains accepted for up to this
    /// time. An endpoint that requires a fresh token never gets a stale response.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan StaleIfUnavailable
    {
        get;
        set => field = OptionValue.AtLeast(value, TimeSpan.Zero);
    }

    /// <summary>Gets or sets the maximum age of an inactive response.</summary>
    /// <value>The default is 10 seconds. 0 or more. With 0, inactive responses are not cached.</value>
    /// <remarks>Inactive responses have their own store, so invalid tokens never evict valid ones.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan InactiveAge
    {
        get;
        set => field = OptionValue.AtLeast(value, TimeSpan.Zero);
    } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets whether <c>Cache-Control</c> of the authorization server limits the reuse of an active response.</summary>
    /// <value>
    /// The default is <see langword="false"/>: the header is ignored. With <see langword="true"/>, <c>max-age</c> is an upper bound, and a
    /// response with <c>no-store</c> or <c>no-cache</c> is not cached. <c>Pragma</c> and <c>Expires</c> are never read.
    /// </value>
    /// <remarks>
    /// RFC 7662, section 4 leaves caching to the protected resource. Most authorization servers send <c>no-store</c> or <c>max-age=0</c>
    /// with every response so that no HTTP cache stores it. Honoring that costs a call for every request; a warning says so once. To limit
    /// how long a revoked token is accepted, use <see cref="RefreshAfter"/>, <see cref="MaximumAge"/>, <c>RequireFreshToken</c> or removal
    /// with <see cref="OAuthIntrospectionCache"/>.
    /// </remarks>
    public bool HonorCacheControl { get; set; }

    /// <summary>Gets or sets the maximum number of active responses in the cache of this scheme.</summary>
    /// <value>The default is 100,000. 1 or more. Read when the scheme is first used.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaximumEntries
    {
        get;
        set => field = OptionValue.AtLeast(value, 1);
    } = 100_000;

    /// <summary>Gets or sets the maximum number of inactive responses in the cache of this scheme.</summary>
    /// <value>The default is 10,000. 1 or more. Read when the scheme is first used.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaximumInactiveEntries
    {
        get;
        set => field = OptionValue.AtLeast(value, 1);
    } = 10_000;
}
