namespace IntrospectionAuth;

/// <content>Claims and the ticket.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets which members of the response become claims of another type: from path to claim type.</summary>
    /// <value>Empty by default: every member keeps its name. No empty values.</value>
    /// <remarks>
    /// <para>
    /// A path is a member's name (<c>orgId</c> → <c>org_id</c>: the claim is renamed) or leads into an object with dots
    /// (<c>realm_access.roles</c> → <c>roles</c>: a claim is added for each value). A path that ends in <c>.*</c> adds a claim for the name
    /// of each member of an object that is neither <c>null</c> nor <c>false</c> (<c>urn:zitadel:iam:org:project:roles.*</c> →
    /// <c>roles</c>).
    /// </para>
    /// <para>
    /// Names may contain dots and colons. At each level the longest matching name is tried first, and only the first path that leads to a
    /// value is used.
    /// </para>
    /// </remarks>
    public IDictionary<string, string> ClaimMappings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets or sets the claim type that <c>User.Identity.Name</c> reads.</summary>
    /// <value>The default is <c>username</c> (RFC 7662, section 2.2). Not empty.</value>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public string NameClaimType
    {
        get;
        set => field = OptionValue.NotEmpty(value);
    } = "username";

    /// <summary>Gets or sets the claim type that <c>[Authorize(Roles = …)]</c> and <c>User.IsInRole</c> read.</summary>
    /// <value>The default is <c>roles</c> (RFC 9068, section 2.2.3.1). Not empty.</value>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public string RoleClaimType
    {
        get;
        set => field = OptionValue.NotEmpty(value);
    } = "roles";

    /// <summary>Gets or sets whether <c>HttpContext.GetTokenAsync("access_token")</c> returns the token.</summary>
    /// <value>The default is <see langword="false"/>: a token that is not stored cannot leak, and the request costs less.</value>
    public bool SaveToken { get; set; }
}
