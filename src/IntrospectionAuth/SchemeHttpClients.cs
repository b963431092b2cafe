using IntrospectionAuth.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth;

/// <summary>
/// Configures the named HTTP client of every scheme, including schemes added at run time. Everything that the application adds to that
/// client is kept, and everything but resilience that it adds to all clients.
/// </summary>
internal sealed class SchemeHttpClients(IServiceProvider services)
    : IConfigureNamedOptions<HttpClientFactoryOptions>,
        IPostConfigureOptions<HttpClientFactoryOptions>
{
    // How the factory removes loggers is internal, and RemoveAllLoggers needs a name that is known in advance.
    private readonly IConfigureOptions<HttpClientFactoryOptions>[] _removeLoggers = FindRemovalOfLoggers();

    public void Configure(HttpClientFactoryOptions options) { }

    public void Configure(string? name, HttpClientFactoryOptions options)
    {
        if (OAuthIntrospectionDefaults.FindScheme(name) is null)
            return;

        // Log.cs logs what an operator needs, once.
        foreach (IConfigureOptions<HttpClientFactoryOptions> remove in _removeLoggers)
            remove.Configure(options);
    }

    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (OAuthIntrospectionDefaults.FindScheme(name) is null)
            return;

        // Settings for all clients (ConfigureHttpClientDefaults) come first in each list. A client that is configured nowhere has only
        // those.
        HttpClientFactoryOptions defaults = services
            .GetRequiredService<IOptionsFactory<HttpClientFactoryOptions>>()
            .Create(OAuthIntrospectionDefaults.HttpClientPrefix);
        options.HttpMessageHandlerBuilderActions.Insert(
            Math.Min(defaults.HttpMessageHandlerBuilderActions.Count, options.HttpMessageHandlerBuilderActions.Count),
            static builder => ForeignResilience.Remove(builder.AdditionalHandlers)
        );
        options.HttpClientActions.Insert(
            Math.Min(defaults.HttpClientActions.Count, options.HttpClientActions.Count),
            static client => client.Timeout = Timeout.InfiniteTimeSpan
        ); // OAuthIntrospectionOptions.Timeout applies.

        if (options.HandlerLifetime == defaults.HandlerLifetime)
            options.HandlerLifetime = Timeout.InfiniteTimeSpan; // A handler that the application shares must not be disposed.
    }

    private static IConfigureOptions<HttpClientFactoryOptions>[] FindRemovalOfLoggers()
    {
        var scratch = new ServiceCollection();
        scratch.ConfigureHttpClientDefaults(static client => client.RemoveAllLoggers());
        return [.. scratch.Select(static service => service.ImplementationInstance).OfType<IConfigureOptions<HttpClientFactoryOptions>>()];
    }
}
