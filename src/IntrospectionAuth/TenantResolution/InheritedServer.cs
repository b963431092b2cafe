namespace IntrospectionAuth.TenantResolution;

/// <summary>
/// The settings of a scheme that belong to its authorization server. A tenant whose <see cref="OAuthIntrospectionOptions.Authority"/> is
/// another must not use them: the server of the scheme would be asked about its tokens, and would accept users of its own.
/// </summary>
internal sealed class InheritedServer
{
    private readonly string? _authority;
    private readonly string? _endpoint;
    private readonly string? _tokenEndpoint;
    private readonly string? _assertionAudience;
    private readonly string[] _issuers;
    private bool _hasOtherAuthority;

    /// <param name="options">The options of a tenant that have the settings of its scheme, and not yet those of the tenant.</param>
    public InheritedServer(OAuthIntrospectionOptions options)
    {
        _authority = options.Authority;
        _endpoint = options.IntrospectionEndpoint = Mark(options, options.IntrospectionEndpoint);
        _tokenEndpoint = options.ClientCredentials.TokenEndpoint = Mark(options, options.ClientCredentials.TokenEndpoint);
        _assertionAudience = options.ClientAssertionAudience = Mark(options, options.ClientAssertionAudience);
        _issuers = [.. options.ValidIssuers.Select(issuer => Mark(options, issuer)!)];
        options.ValidIssuers.Clear();
        foreach (string issuer in _issuers)
            options.ValidIssuers.Add(issuer);
    }

    /// <summary>Notes the authority as it is when all settings of the tenant have been applied.</summary>
    public void NoteAuthority(OAuthIntrospectionOptions options) => _hasOtherAuthority = options.Authority != _authority;

    /// <summary>Finds what a tenant with an authority of its own has from its scheme.</summary>
    public IEnumerable<string> FindFaults(OAuthIntrospectionOptions options)
    {
        if (!_hasOtherAuthority)
            yield break;

        if (IsInherited(options, options.IntrospectionEndpoint, _endpoint))
        {
            yield return Describe(nameof(options.IntrospectionEndpoint))
                + "or the provider (in configuration: Provider), or remove it from the scheme, so that it is discovered.";
        }

        if (
            !_issuers.Contains(options.Authority, StringComparer.Ordinal)
            && options.ValidIssuers.Any(issuer => _issuers.Any(inherited => IsInherited(options, issuer, inherited)))
        )
        {
            yield return Describe(nameof(options.ValidIssuers)) + "or remove it from the scheme, so that Authority is the issuer.";
        }

        if (IsInherited(options, options.ClientCredentials.TokenEndpoint, _tokenEndpoint))
            yield return Describe("ClientCredentials.TokenEndpoint") + "or remove it from the scheme, so that it is discovered.";
        if (IsInherited(options, options.ClientAssertionAudience, _assertionAudience))
            yield return Describe(nameof(options.ClientAssertionAudience)) + "or remove it from the scheme, so that it is Authority.";
    }

    private static string Describe(string setting) =>
        $"Authority is that of the tenant, but {setting} is that of the scheme, for another server. Set {setting} of the tenant too, ";

    /// <summary>A copy is another object than an equal value that is set for the tenant on purpose.</summary>
    private static string? Mark(OAuthIntrospectionOptions options, string? value) =>
        value is null || IsOfTenant(options, value) ? value : new string(value.AsSpan());

    private static bool IsInherited(OAuthIntrospectionOptions options, string? value, string? inherited) =>
        !string.IsNullOrWhiteSpace(value) && ReferenceEquals(value, inherited) && !IsOfTenant(options, value);

    private static bool IsOfTenant(OAuthIntrospectionOptions options, string value) =>
        options.PresetOfTenant.Any(it => ReferenceEquals(it, value));
}
