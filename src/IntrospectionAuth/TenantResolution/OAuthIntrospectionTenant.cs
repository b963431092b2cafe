namespace IntrospectionAuth;

/// <summary>A tenant whose options are to be set.</summary>
public sealed class OAuthIntrospectionTenant
{
    internal OAuthIntrospectionTenant(string scheme, string name, OAuthIntrospectionOptions options)
    {
        Scheme = scheme;
        Name = name;
        Options = options;
    }

    /// <summary>Gets the name of the authentication scheme.</summary>
    public string Scheme { get; }

    /// <summary>Gets the name of the tenant, as it was found in a request.</summary>
    /// <value>1 to 128 characters, none of them a control character. Callers can send any name.</value>
    public string Name { get; }

    /// <summary>Gets the options of the tenant.</summary>
    /// <value>New options to which the settings of the scheme have been applied. No other tenant has them.</value>
    /// <remarks>
    /// <para>
    /// If the tenant has another <c>Authority</c> than the scheme, it must not keep <c>IntrospectionEndpoint</c>, <c>ValidIssuers</c>,
    /// <c>ClientCredentials.TokenEndpoint</c> and <c>ClientAssertionAudience</c> of the scheme, which belong to another server.
    /// </para>
    /// <para>
    /// How the token is found, its longest length and characters, and where the scheme forwards to are decided before there is a tenant:
    /// <c>TokenRetrieval</c>, <c>MaximumTokenLength</c>, <c>AdditionalTokenCharacters</c> and <c>Forward…</c> of a tenant have no effect.
    /// </para>
    /// </remarks>
    public OAuthIntrospectionOptions Options { get; }
}
