namespace IntrospectionAuth;

/// <summary>Options of a poller that fetches security event tokens from a transmitter (RFC 8936).</summary>
public sealed class SecurityEventPollerOptions : SecurityEventOptions
{
    /// <summary>Gets or sets the URL of the transmitter's polling endpoint.</summary>
    /// <value>
    /// The default is <see langword="null"/>, which is an error at startup. It is the <c>endpoint_url</c> of the stream's delivery (SSF
    /// 1.0, section 6.1). An absolute <c>https</c> URL; <c>http</c> only on a loopback host, or if
    /// <see cref="OAuthIntrospectionOptions.RequireHttps"/> is <see langword="false"/>.
    /// </value>
    public string? Endpoint { get; set; }

    /// <summary>Gets or sets the <c>Authorization</c> header of every poll, for example <c>Bearer 5f2c…</c>.</summary>
    /// <value>The default is <see langword="null"/>: none.</value>
    /// <remarks>
    /// For a token that expires, add a handler to the HTTP client
    /// <see cref="OAuthIntrospectionDefaults.SecurityEventPollerHttpClientName"/>.
    /// </remarks>
    public string? Authorization { get; set; }

    /// <summary>Gets or sets whether the transmitter holds a poll until there is an event (RFC 8936, section 2.4).</summary>
    /// <value>The default is <see langword="true"/>. If false, a poll returns at once.</value>
    public bool LongPolling { get; set; } = true;

    /// <summary>Gets or sets the shortest time from one poll to the next while there are no new events.</summary>
    /// <value>The default is 5 seconds. From 100 milliseconds to 1 hour.</value>
    /// <remarks>A poll that the transmitter holds for longer is followed by the next one at once.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Interval
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how long a poll may take. It must be longer than the transmitter holds a poll.</summary>
    /// <value>The default is 2 minutes. From 1 second to 1 hour.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Timeout
    {
        get;
        set => field = OptionValue.Between(value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets how many events one poll returns at most (<c>maxEvents</c>).</summary>
    /// <value>The default is 50. From 1 to 1,000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaximumEvents
    {
        get;
        set => field = OptionValue.Between(value, 1, 1_000);
    } = 50;
}
