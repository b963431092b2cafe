using Microsoft.Extensions.Configuration;

namespace IntrospectionAuth.Configuration;

/// <summary>Finds the settings that a preset needs: those of a tenant first, then those of its scheme.</summary>
internal sealed class PresetSettings
{
    private readonly Func<string, string?>[] _sources;
    private readonly IConfiguration? _tenant;

    private PresetSettings(IConfiguration? tenant, params Func<string, string?>[] sources)
    {
        _tenant = tenant;
        _sources = sources;
    }

    /// <summary>Whether the preset of the scheme has been given the authority of a tenant.</summary>
    public bool IsAuthorityOfTenant { get; private set; }

    /// <summary>The settings for the preset of a scheme: of the server of a tenant, if that has an authority of its own.</summary>
    public static PresetSettings OfScheme(IConfiguration scheme, IConfiguration? tenant) =>
        string.IsNullOrEmpty(tenant?[nameof(OAuthIntrospectionOptions.Authority)])
            ? new(null, key => scheme[key])
            : new(tenant, key => tenant[key], key => scheme[key]);

    /// <summary>The settings for the preset of a tenant.</summary>
    /// <param name="tenant">The section of the tenant.</param>
    /// <param name="options">The options of the scheme, which may also come from code.</param>
    public static PresetSettings OfTenant(IConfiguration tenant, OAuthIntrospectionOptions options) =>
        new(
            null,
            key => tenant[key],
            key =>
                key switch
                {
                    nameof(options.Authority) => options.Authority,
                    nameof(options.IntrospectionEndpoint) => options.IntrospectionEndpoint,
                    nameof(options.ClientId) => options.ClientId,
                    nameof(options.ClientSecret) => options.ClientSecret,
                    _ => null,
                }
        );

    /// <returns>The value; null when it is not set.</returns>
    public string? Find(string key)
    {
        IsAuthorityOfTenant |= _tenant is not null && key == nameof(OAuthIntrospectionOptions.Authority);
        return _sources.Select(source => Find(source, key)).FirstOrDefault(static value => value is not null);
    }

    private static string? Find(Func<string, string?> source, string key) =>
        source(key)
        ?? (
            key == nameof(OAuthIntrospectionOptions.Authority)
                ? OriginOf(source(nameof(OAuthIntrospectionOptions.IntrospectionEndpoint)))
                : null
        );

    private static string? OriginOf(string? endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) ? uri.GetLeftPart(UriPartial.Authority) : null;
}
