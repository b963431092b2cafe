namespace IntrospectionAuth;

/// <content>Tenants that are resolved at run time.</content>
public partial class OAuthIntrospectionOptions
{
    /// <summary>Gets or sets how the name of the tenant of a request is found.</summary>
    /// <value>
    /// The default is <see langword="null"/>: the scheme has no tenants. See <see cref="OAuthIntrospectionTenantNames"/> for the usual
    /// places. Needs <see cref="ConfigureTenant"/>, or tenants in the configuration: <c>Authentication:Schemes:SCHEME:Tenants:NAME</c>.
    /// </value>
    /// <remarks>
    /// With tenants, the options of the scheme are what all tenants have in common. They need no authorization server of their own. A
    /// request without a tenant, or with an unknown one, is rejected with 401, and no server is called.
    /// </remarks>
    public Func<OAuthIntrospectionTenantRequest, ValueTask<string?>>? ResolveTenant { get; set; }

    /// <summary>Gets or sets how the options of a tenant are set, after those of the scheme.</summary>
    /// <value>
    /// The default is <see langword="null"/>: the tenants are those of the configuration. It returns whether there is such a tenant. Needs
    /// <see cref="ResolveTenant"/>.
    /// </value>
    /// <remarks>
    /// The settings of a tenant in the configuration have been applied before, if there are any.
    /// It is called when a tenant is first used, once for all requests that wait, and again after
    /// <see cref="OAuthIntrospectionTenantCacheOptions.RefreshAfter"/>. The options are validated like those of a scheme. If they are
    /// invalid, or the delegate throws, callers of this tenant get 503, and an error is logged.
    /// </remarks>
    public Func<OAuthIntrospectionTenant, CancellationToken, ValueTask<bool>>? ConfigureTenant { get; set; }

    /// <summary>Gets or sets the type that finds tenants, instead of the two delegates.</summary>
    /// <value>
    /// The default is <see langword="null"/>. A type in the container that implements <see cref="IOAuthIntrospectionTenantResolver"/>.
    /// </value>
    public Type? TenantResolverType { get; set; }

    /// <summary>Gets how many tenants are kept, and for how long.</summary>
    public OAuthIntrospectionTenantCacheOptions TenantCache { get; } = new();

    /// <summary>Gets the name of the tenant that these options are for.</summary>
    /// <value><see langword="null"/> for the options of a scheme.</value>
    /// <remarks>Event handlers find it in the <c>Options</c> of their context.</remarks>
    public string? Tenant { get; internal set; }

    /// <summary>Whether the configuration has a tenant of this name; null when it has no <c>Tenants</c>.</summary>
    internal Func<string, bool>? HasConfiguredTenant { get; set; }

    /// <summary>Sets the options of a tenant that the configuration has, by its name; null when it has no <c>Tenants</c>.</summary>
    internal Func<string, OAuthIntrospectionOptions, bool>? TryConfigureTenant { get; set; }

    /// <summary>What the preset of the scheme has set for the authority of this tenant, as the same objects.</summary>
    internal IReadOnlyList<string> PresetOfTenant { get; set; } = [];

    /// <summary>Identifies the tenant among those of all schemes; null for the options of a scheme.</summary>
    internal string? TenantKey { get; set; }

    /// <summary>Whether requests use the options of tenants instead of these.</summary>
    internal bool ResolvesTenants => (ResolveTenant is not null || TenantResolverType is not null) && TenantKey is null;
}
