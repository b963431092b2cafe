using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Configuration;

/// <summary>
/// Applies a changed configuration if it is valid. Otherwise the previous options stay in use, and requests do not fail because of the new
/// ones.
/// </summary>
internal sealed class ConfigurationReload : IOptionsChangeTokenSource<OAuthIntrospectionOptions>, IDisposable
{
    private readonly IOptionsFactory<OAuthIntrospectionOptions> _factory;
    private readonly IOptionsMonitorCache<OAuthIntrospectionOptions> _cache;
    private readonly ILogger<ConfigurationReload> _logger;
    private readonly IDisposable _subscription;
    private ConfigurationReloadToken _accepted = new();

    public ConfigurationReload(
        string scheme,
        IAuthenticationConfigurationProvider configuration,
        IOptionsFactory<OAuthIntrospectionOptions> factory,
        IOptionsMonitorCache<OAuthIntrospectionOptions> cache,
        ILogger<ConfigurationReload> logger
    )
    {
        Name = scheme;
        _factory = factory;
        _cache = cache;
        _logger = logger;
        _subscription = ChangeToken.OnChange(configuration.GetSchemeConfiguration(scheme).GetReloadToken, OnChanged);
    }

    public string Name { get; }

    public IChangeToken GetChangeToken() => _accepted;

    public void Dispose() => _subscription.Dispose();

    private void OnChanged()
    {
        OAuthIntrospectionOptions accepted;
        try
        {
            accepted = _factory.Create(Name);
        }
        catch (Exception exception) // the application's own Configure methods may throw anything
        {
            _logger.ReloadRejected(Name, exception is OptionsValidationException ? exception.Message : exception.GetType().Name);
            return;
        }

        try
        {
            Interlocked.Exchange(ref _accepted, new ConfigurationReloadToken()).OnReload();
        }
        catch (Exception) when (!HasOptions(accepted))
        {
            // The framework creates the options again. If a key or certificate file has become unusable since the check, it would keep that
            // failure.
            _cache.TryRemove(Name);
            _cache.TryAdd(Name, accepted);
        }
    }

    private bool HasOptions(OAuthIntrospectionOptions otherwise)
    {
        try
        {
            _cache.GetOrAdd(Name, () => otherwise);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
