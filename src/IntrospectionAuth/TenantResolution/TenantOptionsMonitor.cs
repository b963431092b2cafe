using Microsoft.Extensions.Options;

namespace IntrospectionAuth.TenantResolution;

/// <summary>The options of one tenant, where the parts of a scheme expect those of all schemes.</summary>
internal sealed class TenantOptionsMonitor(OAuthIntrospectionOptions options) : IOptionsMonitor<OAuthIntrospectionOptions>
{
    private volatile OAuthIntrospectionOptions _current = options;

    public OAuthIntrospectionOptions Current
    {
        get => _current;
        set => _current = value;
    }

    public OAuthIntrospectionOptions CurrentValue => _current;

    public OAuthIntrospectionOptions Get(string? name) => _current;

    /// <summary>Changes are noticed at the next use of the server.</summary>
    public IDisposable? OnChange(Action<OAuthIntrospectionOptions, string?> listener) => null;
}
