namespace IntrospectionAuth;

/// <content>Challenges and the metadata of this API.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets or sets the <c>realm</c> of challenges (RFC 9110, section 11.5).</summary>
    /// <value>The default is <see langword="null"/>: challenges have no realm.</value>
    public string? Realm { get; set; }

    /// <summary>Gets or sets whether challenges have an <c>error_description</c>, which says why a token was rejected.</summary>
    /// <value>The default is <see langword="true"/>. The description is a fixed sentence. The <c>error</c> code is always sent.</value>
    public bool IncludeErrorDetails { get; set; } = true;

    /// <summary>Gets or sets the URL by which clients identify this API: its resource identifier (RFC 9728, section 1.2).</summary>
    /// <value>
    /// The default is <see langword="null"/>: challenges have no <c>resource_metadata</c>. An absolute <c>https</c> URL in ASCII without
    /// user information or fragment; <c>http</c> only on a loopback host, or if <see cref="RequireHttps"/> is <see langword="false"/>.
    /// </value>
    /// <remarks>
    /// If it is set, every challenge contains the URL of the API's metadata (RFC 9728, section 5.1). Serve the metadata with
    /// <c>app.MapProtectedResourceMetadata()</c>. The value is never taken from the request, and is not compared with <c>aud</c>: see
    /// <see cref="Audiences"/>.
    /// </remarks>
    public string? Resource { get; set; }

    /// <summary>Gets the members of the metadata of <see cref="Resource"/>.</summary>
    public OAuthIntrospectionResourceMetadataOptions ResourceMetadata { get; } = new();
}
