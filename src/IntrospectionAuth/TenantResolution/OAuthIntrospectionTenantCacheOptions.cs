namespace IntrospectionAuth;

/// <summary>How many tenants are kept, and for how long. Limits of numbers take effect when the application starts.</summary>
public sealed class OAuthIntrospectionTenantCacheOptions
{
    /// <summary>Gets or sets how many tenants are kept.</summary>
    /// <value>The default is 1,000. From 1 to 100,000. Beyond it, the least recently used ones are resolved again.</value>
    /// <remarks>A tenant keeps connections, cache entries and the state of its server. All of it is disposed with the tenant.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaximumTenants
    {
        get;
        set => field = OptionValue.Between(value, 1, 100_000);
    } = 1000;

    /// <summary>Gets or sets for how long a tenant is kept that no request uses.</summary>
    /// <value>The default is 1 hour. More than 0 and at most 720 hours.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan SlidingExpiration
    {
        get;
        set => field = OptionValue.MoreThanZero(value, TimeSpan.FromDays(30));
    } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets how long the settings of a tenant are used until they are resolved again, while no request waits.</summary>
    /// <value>The default is 10 minutes. More than 0 and at most 720 hours.</value>
    /// <remarks>
    /// If that fails, the previous settings stay in use, and an error is logged. <see cref="OAuthIntrospectionTenants.Remove"/> takes
    /// effect at once.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan RefreshAfter
    {
        get;
        set => field = OptionValue.MoreThanZero(value, TimeSpan.FromDays(30));
    } = TimeSpan.FromMinutes(10);

    /// <summary>Gets or sets how long a name is remembered that is not the name of a tenant.</summary>
    /// <value>The default is 1 minute. More than 0 and at most 1 hour.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan UnknownAge
    {
        get;
        set => field = OptionValue.MoreThanZero(value, TimeSpan.FromHours(1));
    } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how many names are remembered that are not names of tenants.</summary>
    /// <value>The default is 10,000. From 1 to 1,000,000. They never take the place of a tenant.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaximumUnknownNames
    {
        get;
        set => field = OptionValue.Between(value, 1, 1_000_000);
    } = 10_000;
}
