using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>Reloads the options of a node, as a change of its configuration does.</summary>
internal sealed class OptionsReload : IOptionsChangeTokenSource<OAuthIntrospectionOptions>
{
    private ConfigurationReloadToken _token = new();

    private Action<OAuthIntrospectionOptions> _options;

    public OptionsReload(Action<OAuthIntrospectionOptions> options) => _options = options;

    public string Name => OAuthIntrospectionDefaults.AuthenticationScheme;

    public IChangeToken GetChangeToken() => _token;

    public void Register(IServiceCollection services) => services.AddSingleton<IOptionsChangeTokenSource<OAuthIntrospectionOptions>>(this);

    public void Configure(OAuthIntrospectionOptions options) => _options(options);

    public void Reload(Action<OAuthIntrospectionOptions> options)
    {
        _options = options;
        Interlocked.Exchange(ref _token, new ConfigurationReloadToken()).OnReload();
    }
}
