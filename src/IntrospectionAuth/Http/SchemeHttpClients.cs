using IntrospectionAuth.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth;

/// <summary>
/// Sets up the named HTTP client of every scheme, also of one that is added at run time: what the application adds to that client counts,
/// and
/// of what it adds to all clients everything but resilience.
/// </summary>
internal sealed class SchemeHttpClients(IServiceProvider services)
    : IConfigureNamedOptions<HttpClientFactoryOptions>,
        IPostConfigureOptions<HttpClientFactoryOptions>
{
    // The factory keeps to itself how loggers are removed, and RemoveAllLoggers wants a name that is known beforehand.
    private readonly IConfigureOptions<HttpClientFactoryOptions>[] _removeLoggers = FindRemovalOfLoggers();

    public void Configure(HttpClientFactoryOptions options) { }

    public void Configure(string? name, HttpClientFactoryOptions options)
    {
        if (OAuthIntrospectionDefaults.FindScheme(name) is null)
            return;

        // Log.cs says what an operator needs, once.
        foreach (IConfigureOptions<HttpClientFactoryOptions> remove in _removeLoggers)
            remove.Configure(options);
    }

    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (OAuthIntrospectionDefaults.FindScheme(name) is null)
            return;

        // What is set up for all clients (ConfigureHttpClientDefaults) comes first in each list, and is what a client has that nobody has
        // named.
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
        ); // OAuthIntrospectionOptions.Timeout rules

        if (options.HandlerLifetime == defaults.HandlerLifetime)
            options.HandlerLifetime = Timeout.InfiniteTimeSpan; // a handler that the application made once must not be disposed under it
    }

    private static IConfigureOptions<HttpClientFactoryOptions>[] FindRemovalOfLoggers()
    {
        var scratch = new ServiceCollection();
        scratch.ConfigureHttpClientDefaults(static client => client.RemoveAllLoggers());
        return [.. scratch.Select(static service => service.ImplementationInstance).OfType<IConfigureOptions<HttpClientFactoryOptions>>()];
    }
}
