namespace IntrospectionAuth;

/// <summary>How the nodes of a fleet share responses and removals.</summary>
/// <remarks>
/// The shared cache is in use when <see cref="Secrets"/> has a secret and an engine is registered, for example by
/// <c>AddOAuthIntrospectionRedis</c> of the package <c>IntrospectionAuth.Redis</c>.
/// </remarks>
public sealed class OAuthIntrospectionSharedCacheOptions
{
    /// <summary>Gets or sets how to reach Redis: a configuration string of StackExchange.Redis, such as <c>localhost:6379</c>.</summary>
    /// <value>The default is <see langword="null"/>: the engine is registered in code.</value>
    /// <remarks><c>AddOAuthIntrospectionRedis()</c> of the package <c>IntrospectionAuth.Redis</c> reads it.</remarks>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string? Redis
    {
        get;
        set => field = value is null ? null : OptionValue.NotEmpty(value);
    }

    /// <summary>Gets the secrets of the fleet, in base64. The first one encrypts; entries of the others are read, too.</summary>
    /// <value>Empty by default: nothing is shared. Each secret has at least 32 random bytes.</value>
    /// <remarks>
    /// Every node has the same secrets. To rotate without losing an entry or a removal, add the new secret at the end on every node, then
    /// move it to the front on every node, then remove the old one.
    /// </remarks>
    public IList<string> Secrets { get; } = [];

    /// <summary>
    /// Gets or sets how long a response is used after the last moment at which this node is known to have every removal of the fleet.
    /// </summary>
    /// <value>The default is 10 seconds. From 1 second to 1 hour.</value>
    /// <remarks>
    /// While the engine is reachable, removals arrive within a second and this has no effect. While it is not, or if it has no feed, this
    /// bounds how long a token that another node removed remains accepted here.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan FeedPatience
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the longest time that a request waits for one operation of the engine.</summary>
    /// <value>The default is 50 milliseconds. More than 0 and at most 1 minute.</value>
    /// <remarks>After several failures in a row, requests do not wait for the engine at all until it responds again.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Timeout
    {
        get;
        set => field = OptionValue.MoreThanZero(value, TimeSpan.FromMinutes(1));
    } = TimeSpan.FromMilliseconds(50);
}
