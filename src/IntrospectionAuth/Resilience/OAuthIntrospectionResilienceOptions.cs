namespace IntrospectionAuth;

/// <summary>What happens when the authorization server is slow, failing or overloaded. The defaults suit most servers.</summary>
public sealed class OAuthIntrospectionResilienceOptions
{
    /// <summary>Gets or sets whether retries, the circuit breaker and <c>Retry-After</c> apply.</summary>
    /// <value>
    /// The default is <see langword="true"/>. Use <see langword="false"/> if the <see cref="HttpClient"/> has a resilience handler of its
    /// own.
    /// </value>
    /// <remarks><see cref="OAuthIntrospectionOptions.Timeout"/> and <see cref="MaximumConcurrentCalls"/> always apply.</remarks>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets how often a call is retried, immediately, if the connection fails or the status is 502, 503 or 504.</summary>
    /// <value>The default is 1. From 0 to 5.</value>
    /// <remarks>
    /// All attempts together take at most <see cref="OAuthIntrospectionOptions.Timeout"/>. A timeout and a response with <c>Retry-After</c>
    /// are not retried.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Retries
    {
        get;
        set => field = OptionValue.Between(value, 0, 5);
    } = 1;

    /// <summary>Gets or sets the share of failed calls at which the circuit breaker opens.</summary>
    /// <value>The default is 0.5. More than 0 and at most 1.</value>
    /// <remarks>Failed connections, timeouts and statuses from 500 are failures.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double BreakerFailureRatio
    {
        get;
        set => field = OptionValue.MoreThanZero(value, 1);
    } = 0.5;

    /// <summary>
    /// Gets or sets the number of calls within <see cref="BreakerSamplingDuration"/> before the circuit breaker can open.
    /// </summary>
    /// <value>The default is 10. From 2 to 10,000.</value>
    /// <remarks>
    /// A timeout counts as this number of failures: if few calls have succeeded recently, a single timeout opens the breaker, so that other
    /// requests do not wait as long.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int BreakerMinimumCalls
    {
        get;
        set => field = OptionValue.Between(value, 2, 10_000);
    } = 10;

    /// <summary>Gets or sets the period whose calls the circuit breaker considers.</summary>
    /// <value>The default is 10 seconds. From 0.5 seconds to 1 hour.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan BreakerSamplingDuration
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.FromSeconds(0.5), TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long an open circuit breaker blocks calls before it allows one as a probe.</summary>
    /// <value>The default is 5 seconds. From 0.5 seconds to 5 minutes.</value>
    /// <remarks>
    /// Meanwhile callers get 503 immediately, unless the response for their token is cached. Once the server works again, they wait at most
    /// this long.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan BreakerPause
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(5));
    } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets the maximum number of concurrent calls.</summary>
    /// <value>The default is 64. 1 or more.</value>
    /// <remarks>
    /// A quarter of them, at least one, may be background refreshes. It is also the number of connections, unless you set
    /// <c>MaxConnectionsPerServer</c>. It is read when the first call is made.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaximumConcurrentCalls
    {
        get;
        set => field = OptionValue.AtLeast(value, 1);
    } = 64;

    /// <summary>Gets or sets how long a call waits for its turn if <see cref="MaximumConcurrentCalls"/> are in flight.</summary>
    /// <value>
    /// The default is 1 second. From 0 to 1 minute. It is part of <see cref="OAuthIntrospectionOptions.Timeout"/>, and at most half of it.
    /// </value>
    /// <remarks>After this time, the caller gets 503.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaximumWait
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    } = TimeSpan.FromSeconds(1);
}
