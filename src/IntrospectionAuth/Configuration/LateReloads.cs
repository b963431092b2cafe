using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IntrospectionAuth.Configuration;

/// <summary>
/// Applies a changed configuration to schemes that were added at run time. The options monitor only knows the changes of those that were
/// registered before it was created.
/// </summary>
internal sealed class LateReloads(IServiceProvider services) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _followed = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _subscriptions = [];

    /// <summary>Applies changes from now on, if nothing else does.</summary>
    public void Follow(string scheme)
    {
        lock (_lock)
        {
            if (!_followed.Add(scheme))
                return;
        }

        if (services.GetServices<IOptionsChangeTokenSource<OAuthIntrospectionOptions>>().Any(it => it.Name == scheme))
            return;

        var reload = ActivatorUtilities.CreateInstance<ConfigurationReload>(services, scheme);
        IDisposable applying = ChangeToken.OnChange(reload.GetChangeToken, () => Apply(scheme));
        lock (_lock)
            _subscriptions.AddRange([reload, applying]);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (IDisposable subscription in _subscriptions)
                subscription.Dispose();
        }
    }

    private void Apply(string scheme)
    {
        services.GetRequiredService<IOptionsMonitorCache<OAuthIntrospectionOptions>>().TryRemove(scheme);
        services.GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>().Get(scheme);
    }
}
