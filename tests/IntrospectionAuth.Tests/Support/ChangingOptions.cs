using IntrospectionAuth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.Support;

/// <summary>Options that a test changes while the API runs, as a reload of configuration would: each change makes a new instance.</summary>
internal sealed class ChangingOptions
{
    private Action<OAuthIntrospectionOptions> _change = static _ => { };

    public Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        TimeProvider time,
        Action<OAuthIntrospectionOptions>? configure = null
    ) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Services = services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection(options => configure?.Invoke(options));
                    services.UseFakeAuthorizationServer(server);
                    services.PostConfigure<OAuthIntrospectionOptions>(
                        OAuthIntrospectionDefaults.AuthenticationScheme,
                        options => _change(options)
                    ); // after the fake has set its endpoint
                },
                Schemes = [],
                Time = time,
            }
        );

    /// <summary>Reloads with a change; without one, everything is as it was in the beginning.</summary>
    public OAuthIntrospectionOptions Reload(IServiceProvider services, Action<OAuthIntrospectionOptions>? change = null)
    {
        _change = change ?? (static _ => { });
        services
            .GetRequiredService<IOptionsMonitorCache<OAuthIntrospectionOptions>>()
            .TryRemove(OAuthIntrospectionDefaults.AuthenticationScheme);
        return services
            .GetRequiredService<IOptionsMonitor<OAuthIntrospectionOptions>>()
            .Get(OAuthIntrospectionDefaults.AuthenticationScheme);
    }
}
