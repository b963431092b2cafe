namespace IntrospectionAuth.Testing;

/// <summary>A token to issue: what the server will say about it while it is active.</summary>
/// <remarks>
/// It comes filled with what the server's <see cref="FakeAuthorizationServerForm"/> says by default. What a vendor does not
/// document (a <c>scope</c> at WorkOS, say) is not in its answers even when it is set here; <see cref="Members"/> can add anything.
/// It is a class and not a record: <c>ToString</c> must not print the token.
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
    /// <value>Empty by default, which leaves <c>scope</c> out.</value>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>Gets or sets <c>sub</c>.</summary>
    /// <value>The default is <c>user-1</c>; at WorkOS <c>user_01FAKE</c>; at Attio the <see cref="WorkspaceId"/>. <see langword="null"/> leaves it out.</value>
    public string? Subject { get; set; }

    /// <summary>Gets or sets <c>client_id</c>: the client that the token was issued to, which is not the client that introspects.</summary>
    /// <value>The default is <c>client-1</c>; at WorkOS <c>client_01FAKE</c>. <see langword="null"/> leaves it out.</value>
    /// <remarks>A WorkOS machine token is one whose <see cref="Subject"/> equals it.</remarks>
    public string? ClientId { get; set; }

    /// <summary>Gets or sets <c>username</c>.</summary>
    /// <value>The default is <c>user-1@example.com</c> in the RFC 7662 form. <see langword="null"/> leaves it out.</value>
    public string? Username { get; set; }

    /// <summary>Gets or sets how long the token lives from now on.</summary>
    /// <value>
    /// The default is <see cref="FakeAuthorizationServerOptions.TokenLifetime"/>. <see langword="null"/>: it never expires. A negative value
    /// makes a token that has already expired.
    /// </value>
    public TimeSpan? Lifetime { get; set; }

    /// <summary>Gets or sets <c>nbf</c>.</summary>
    /// <value>The default is <see langword="null"/>: there is none. The server only reports it: it says active all the same.</value>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>Gets or sets <c>iss</c>.</summary>
    /// <value>The default is <see cref="FakeAuthorizationServer.Issuer"/>. <see langword="null"/> leaves it out.</value>
    public string? Issuer { get; set; }

    /// <summary>Gets or sets the audiences, for <c>aud</c>: a string if there is one, otherwise an array.</summary>
    /// <value>Empty by default: at Attio and WorkOS <c>aud</c> is then the <see cref="ClientId"/>, otherwise it is left out.</value>
    public IReadOnlyList<string> Audiences { get; set; } = [];

    /// <summary>Gets or sets <c>token_type</c>.</summary>
    /// <value>
    /// The default is <c>Bearer</c>; at WorkOS <c>access_token</c>; at VMware <c>refresh_token</c>. <see langword="null"/> leaves it out.
    /// For a WorkOS refresh token set <c>refresh_token</c> and a null <see cref="Lifetime"/>.
    /// </value>
    public string? TokenType { get; set; }

    /// <summary>Gets or sets <c>workspace_id</c>.</summary>
    /// <value>The default is <see langword="null"/>, which leaves it out; at Attio a fixed GUID.</value>
    public string? WorkspaceId { get; set; }

    /// <summary>Gets or sets <c>org_id</c>, at VMware <c>orgId</c>.</summary>
    /// <value>The default is <see langword="null"/>, which leaves it out; at WorkOS and VMware a fixed value.</value>
    public string? OrganizationId { get; set; }

    /// <summary>Gets further members of the answer; one that the answer has anyway is replaced where it stands.</summary>
    /// <value>
    /// Empty by default. A value is null, a string, a boolean, a number, a <see cref="FakeJson"/>, a dictionary with string keys, or a
    /// sequence of such values.
    /// </value>
    /// <remarks>
    /// They change what the answer says and nothing else: a token whose <c>exp</c> is replaced still expires after <see cref="Lifetime"/>.
    /// </remarks>
    public IDictionary<string, object?> Members { get; } = new Dictionary<string, object?>(StringComparer.Ordinal);
}
