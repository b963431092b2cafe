namespace IntrospectionAuth;

/// <summary>Options of the endpoint to which a transmitter pushes security event tokens (RFC 8935).</summary>
public sealed class SecurityEventEndpointOptions : SecurityEventOptions
{
    /// <summary>Gets or sets the path of the endpoint.</summary>
    /// <value>The default is <c>/security-events</c>.</value>
    public string Path { get; set; } = "/security-events";

    /// <summary>Gets or sets the <c>Authorization</c> header that the transmitter must send, for example <c>Bearer 5f2c…</c>.</summary>
    /// <value>
    /// The default is <see langword="null"/>: none, because every token is signed. It is the <c>authorization_header</c> of the stream's
    /// delivery (SSF 1.0, section 6.1).
    /// </value>
    public string? Authorization { get; set; }
}
