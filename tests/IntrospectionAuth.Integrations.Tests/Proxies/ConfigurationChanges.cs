using System.Threading.Channels;
using Yarp.ReverseProxy.Configuration;

namespace IntrospectionAuth.Integrations.Tests.Proxies;

/// <summary>Tells whether YARP applied a configuration.</summary>
internal sealed class ConfigurationChanges : IConfigChangeListener
{
    private readonly Channel<Exception?> _results = Channel.CreateUnbounded<Exception?>();

    /// <summary>Waits for the next result.</summary>
    /// <returns>Null if the configuration was applied, otherwise why not.</returns>
    public ValueTask<Exception?> NextAsync() => _results.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) => _results.Writer.TryWrite(exception);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs) { }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) =>
        _results.Writer.TryWrite(exception);

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs) => _results.Writer.TryWrite(null);
}
