namespace IntrospectionAuth.Testing;

/// <summary>A token to issue, with the members of its introspection response while it is active.</summary>
/// <remarks>
/// The initial values depend on the <see cref="FakeAuthorizationServerProvider"/> of the server. Members that a vendor does not document,
/// such as <c>scope</c> at WorkOS, are not in its responses even if they are set here; <see cref="Members"/> can add any member. It is a
/// class and not a record, so that <c>ToString</c> does not print the token.
/// </remarks>
public sealed class FakeToken
{
    internal FakeToken() { }

    /// <summary>Gets or sets the token itself.</summary>
    /// <value>The default is 40 random characters. An earlier token with the same value is replaced.</value>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public string Value
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    } = RandomText.Create(40);

    /// <summary>Gets or sets the scopes, for <c>scope</c>.</summary>
    /// <value>Empty by default, which omits <c>scope</c>.</value>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>Gets or sets <c>sub</c>.</summary>
    /// <value>
    /// The default is <c>user-1</c>; at WorkOS <c>user_01FAKE</c>; at Attio the <see cref="WorkspaceId"/>. <see langword="null"/> omits it.
    /// </value>
    public string? Subject { get; set; }

    /// <summary>Gets or sets <c>client_id</c>: the client that the token was issued to, which is not the client that introspects.</summary>
    /// <value>The default is <c>client-1</c>; at WorkOS <c>client_01FAKE</c>. <see langword="null"/> omits it.</value>
    /// <remarks>In a WorkOS machine token it equals the <see cref="Subject"/>.</remarks>
    public string? ClientId { get; set; }

    /// <summary>Gets or sets <c>username</c>.</summary>
    /// <value>
    /// The default is <c>user-1@example.com</c> for <see cref="FakeAuthorizationServerProvider.Rfc7662"/>. <see langword="null"/> omits it.
    /// </value>
    public string? Username { get; set; }

    /// <summary>Gets or sets the lifetime of the token.</summary>
    /// <value>
    /// The default is <see cref="FakeAuthorizationServerOptions.TokenLifetime"/>. A token with <see langword="null"/> never expires, and
    /// one with a negative value has already expired.
    /// </value>
    public TimeSpan? Lifetime { get; set; }

    /// <summary>Gets or sets <c>nbf</c>.</summary>
    /// <value>The default is <see langword="null"/>, which omits it. It does not change whether the token is active.</value>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>Gets or sets <c>iss</c>.</summary>
    /// <value>The default is <see cref="FakeAuthorizationServer.Issuer"/>. <see langword="null"/> omits it.</value>
    public string? Issuer { get; set; }

    /// <summary>Gets or sets the audiences, for <c>aud</c>: a string if there is one, otherwise an array.</summary>
    /// <value>Empty by default, which omits <c>aud</c>; at Attio and WorkOS it is then the <see cref="ClientId"/>.</value>
    public IReadOnlyList<string> Audiences { get; set; } = [];

    /// <summary>Gets or sets <c>token_type</c>.</summary>
    /// <value>
    /// The default is <c>Bearer</c>; at WorkOS <c>access_token</c>; at VMware <c>refresh_token</c>. <see langword="null"/> omits it.
    /// For a WorkOS refresh token set <c>refresh_token</c> and a null <see cref="Lifetime"/>.
    /// </value>
    public string? TokenType { get; set; }

    /// <summary>Gets or sets <c>workspace_id</c>.</summary>
    /// <value>The default is <see langword="null"/>, which omits it; at Attio a fixed GUID.</value>
    public string? WorkspaceId { get; set; }

    /// <summary>Gets or sets <c>org_id</c>, at VMware <c>orgId</c>.</summary>
    /// <value>The default is <see langword="null"/>, which omits it; at WorkOS and VMware a fixed value.</value>
    public string? OrganizationId { get; set; }

    /// <summary>Gets further members of the response. A member that the response already has is replaced in its place.</summary>
    /// <value>
    /// Empty by default. A value is null, a string, a boolean, a number, a <see cref="FakeJson"/>, a dictionary with string keys, or a
    /// sequence of such values.
    /// </value>
    /// <remarks>
    /// They change only the response: a token whose <c>exp</c> is replaced still expires after <see cref="Lifetime"/>.
    /// </remarks>
    public IDictionary<string, object?> Members { get; } = new Dictionary<string, object?>(StringComparer.Ordinal);
}
