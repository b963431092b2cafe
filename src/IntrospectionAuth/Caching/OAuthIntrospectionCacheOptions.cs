namespace IntrospectionAuth;

/// <summary>How long, and how many, answers of the authorization server are remembered.</summary>
/// <remarks>
/// An active answer is reused until its <c>exp</c>, never longer (RFC 7662, section 4). Everything here shortens that. Ages are
/// shortened by up to 10 % more, differently for each token, so that answers obtained together are not asked for again together.
/// </remarks>
public sealed class OAuthIntrospectionCacheOptions
{
    /// <summary>Gets or sets the longest time an answer may be reused before the authorization server is asked again.</summary>
    /// <value>
    /// The default is <see langword="null"/>: until <c>exp</c>. <see cref="TimeSpan.Zero"/> asks on every request, and no request
    /// shares an answer with another.
    /// </value>
    /// <remarks>An inactive answer is reused for no longer either. This trades load for freshness: a token revoked at the authorization server keeps working here for up to this long.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan? MaximumAge
    {
        get;
        set => field = OptionValue.AtLeast(value, TimeSpan.Zero);
    }

    /// <summary>Gets or sets how long an active answer without <c>exp</c> is reused.</summary>
    /// <value>The default is 5 minutes. <see cref="TimeSpan.Zero"/> does not keep such answers.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan DefaultAge
    {
        get;
        set => field = OptionValue.AtLeast(value, TimeSpan.Zero);
    } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets the age from which on an active answer, when it is used, is asked for again in the background.</summary>
    /// <value>The default is 5 minutes. <see cref="TimeSpan.Zero"/> turns background refresh off.</value>
    /// <remarks>
    /// The request that uses it is answered at once; nobody waits. A token that is no longer active is forgotten when the new answer comes; while the server
    /// cannot answer, the old one serves on until <c>exp</c> or <see cref="MaximumAge"/>. There is one call for a token at a time, and at most a quarter of
    /// <see cref="OAuthIntrospectionResilienceOptions.MaximumConcurrentCalls"/> for all tokens together.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan RefreshAfter
    {
        get;
        set => field = OptionValue.AtLeast(value, TimeSpan.Zero);
    } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how much longer an active answer may serve, past <see cref="MaximumAge"/> or <see cref="DefaultAge"/>, while the authorization server cannot answer.</summary>
    /// <value>The default is <see cref="TimeSpan.Zero"/>: no longer.</value>
    /// <remarks>
    /// Never past <c>exp</c>, nor, with <see cref="HonorCacheControl"/>, longer than the server's own <c>max-age</c>. Each such request
    /// asks the server first. This trades safety for availability: a token that was revoked keeps working for up to this much longer when
    /// the server fails. An endpoint that requires a fresh token is not served so.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan StaleIfUnavailable
    {
        get;
        set => field = OptionValue.AtLeast(value, TimeSpan.Zero);
    }

    /// <summary>Gets or sets how long the answer that a token is not active is reused.</summary>
    /// <value>The default is 10 seconds. <see cref="TimeSpan.Zero"/> does not keep such answers.</value>
    /// <remarks>Inactive answers have a store of their own: a flood of worthless tokens displaces no good one.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan InactiveAge
    {
        get;
        set => field = OptionValue.AtLeast(value, TimeSpan.Zero);
    } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets whether <c>Cache-Control</c> in the authorization server's response shortens the reuse of an active answer.</summary>
    /// <value>
    /// The default is <see langword="false"/>: the header is ignored. When it is <see langword="true"/>, <c>max-age</c> is an upper bound,
    /// and a response with
    /// <c>no-store</c> or <c>no-cache</c> is not cached; <c>Pragma</c> and <c>Expires</c> are never read.
    /// </value>
    /// <remarks>
    /// RFC 7662, section 4 leaves caching to the protected resource. Most authorization servers put <c>no-store</c> or <c>max-age=0</c> on
    /// every response so that no HTTP cache stores it; obeying that costs a call for every request, and a warning says so once. What bounds
    /// a revocation is <see cref="RefreshAfter"/>, <see cref="MaximumAge"/>, <c>RequireFreshToken</c> and removal by
    /// <see cref="OAuthIntrospectionCache"/>.
    /// </remarks>
    public bool HonorCacheControl { get; set; }

    /// <summary>Gets or sets how many active answers of this scheme are kept.</summary>
    /// <value>The default is 100,000. At least 1. Read when the scheme is first used.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public int MaximumEntries
    {
        get;
        set => field = OptionValue.AtLeast(value, 1);
    } = 100_000;

    /// <summary>Gets or sets how many inactive answers of this scheme are kept.</summary>
    /// <value>The default is 10,000. At least 1. Read when the scheme is first used.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public int MaximumInactiveEntries
    {
        get;
        set => field = OptionValue.AtLeast(value, 1);
    } = 10_000;
}
