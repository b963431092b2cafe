namespace IntrospectionAuth;

/// <content>Challenges and the metadata of this API.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets or sets the <c>realm</c> of the challenge (RFC 9110, section 11.5).</summary>
    /// <value>The default is <see langword="null"/>: the challenge has no realm.</value>
    public string? Realm { get; set; }

    /// <summary>Gets or sets whether a challenge says in <c>error_description</c> why a token was refused.</summary>
    /// <value>The default is <see langword="true"/>. The description is a fixed sentence; the <c>error</c> code is always sent.</value>
    public bool IncludeErrorDetails { get; set; } = true;

    /// <summary>Gets or sets this API's own URL, by which clients know it: its resource identifier (RFC 9728, section 1.2).</summary>
    /// <value>
    /// The default is <see langword="null"/>: the challenge has no <c>resource_metadata</c>. An absolute <c>https</c> URL without user information or fragment, in ASCII;
    /// <c>http</c> only on a loopback host, or if <see cref="RequireHttps"/> is off.
    /// </value>
    /// <remarks>
    /// Once it is set, every challenge says where the API's metadata lies (RFC 9728, section 5.1); serve it with <c>app.MapProtectedResourceMetadata()</c>. It is never taken from
    /// the request. It is not compared with <c>aud</c>: that is what <see cref="Audiences"/> is for.
    /// </remarks>
    public string? Resource { get; set; }

    /// <summary>Gets what the metadata of <see cref="Resource"/> says.</summary>
    public OAuthIntrospectionResourceMetadataOptions ResourceMetadata { get; } = new();
}
