namespace IntrospectionAuth;

/// <summary>What happens when the authorization server is slow, failing or overloaded. The defaults are meant to be left alone.</summary>
public sealed class OAuthIntrospectionResilienceOptions
{
    /// <summary>Gets or sets whether calls are retried, stopped by the circuit breaker, and held back when the server asks for it with <c>Retry-After</c>.</summary>
    /// <value>The default is <see langword="true"/>. Set <see langword="false"/> where a resilience handler of your own sits on the <see cref="HttpClient"/>.</value>
    /// <remarks><see cref="OAuthIntrospectionOptions.Timeout"/> and <see cref="MaximumConcurrentCalls"/> hold all the same.</remarks>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets how often a call is repeated, at once, when the connection fails or the status is 502, 503 or 504.</summary>
    /// <value>The default is 1. From 0 to 5.</value>
    /// <remarks>All attempts together take at most <see cref="OAuthIntrospectionOptions.Timeout"/>. A timeout is not repeated, and neither is a response with <c>Retry-After</c>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Retries
    {
        get;
        set => field = OptionValue.Between(value, 0, 5);
    } = 1;

    /// <summary>Gets or sets the share of failed calls at which the circuit breaker opens.</summary>
    /// <value>The default is 0.5. More than 0, at most 1.</value>
    /// <remarks>Failed connections, timeouts and statuses from 500 on count as failures.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double BreakerFailureRatio
    {
        get;
        set => field = OptionValue.MoreThanZero(value, 1);
    } = 0.5;

    /// <summary>Gets or sets how many calls within <see cref="BreakerSamplingDuration"/> it takes for the circuit breaker to judge.</summary>
    /// <value>The default is 10. From 2 to 10,000.</value>
    /// <remarks>A timeout weighs as much as this number of failures: where little else has succeeded lately, one is enough, so that nobody else waits as long.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int BreakerMinimumCalls
    {
        get;
        set => field = OptionValue.Between(value, 2, 10_000);
    } = 10;

    /// <summary>Gets or sets how far back the circuit breaker looks.</summary>
    /// <value>The default is 10 seconds. From half a second to 1 hour.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan BreakerSamplingDuration
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.FromSeconds(0.5), TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long an open circuit breaker keeps calls back before it lets one through as a probe.</summary>
    /// <value>The default is 5 seconds. From half a second to 5 minutes.</value>
    /// <remarks>Callers get 503 at once meanwhile, unless their token's answer is kept. When the server is back, they wait at most this long.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan BreakerPause
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(5));
    } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how many calls may be under way at the same time.</summary>
    /// <value>The default is 64. At least 1.</value>
    /// <remarks>
    /// A quarter of them, at least one, may be background refreshes. It is also the number of connections, unless you set
    /// <c>MaxConnectionsPerServer</c> yourself; that is read when the first call is made.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public int MaximumConcurrentCalls
    {
        get;
        set => field = OptionValue.AtLeast(value, 1);
    } = 64;

    /// <summary>Gets or sets how long a call waits for its turn when <see cref="MaximumConcurrentCalls"/> are under way.</summary>
    /// <value>The default is 1 second. From zero, which does not wait, to 1 minute. It is part of <see cref="OAuthIntrospectionOptions.Timeout"/>, and at most half of it.</value>
    /// <remarks>When it has passed, the caller gets 503.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaximumWait
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    } = TimeSpan.FromSeconds(1);
}
