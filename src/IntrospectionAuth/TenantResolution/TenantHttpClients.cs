using IntrospectionAuth.Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.TenantResolution;

/// <summary>
/// Creates the HTTP clients of one tenant: like those of its scheme, but with connections and certificates of their own, which end with the
/// tenant. The factory of the application keeps a handler for each name indefinitely.
/// </summary>
internal sealed class TenantHttpClients : IHttpClientFactory, IHttpMessageHandlerFactory, IDisposable
{
    private readonly string _scheme;
    private readonly TenantOptionsMonitor _options;
    private readonly IServiceScope _scope;
    private readonly LateHandler _handler;
    private bool _isOwned;

    public TenantHttpClients(string scheme, TenantOptionsMonitor options, IServiceScopeFactory scopes)
    {
        _scheme = scheme;
        _options = options;
        _scope = scopes.CreateScope();
        _handler = new LateHandler(Create);
    }

    /// <summary>The certificates of the tenant. They need this factory, so they are set after both exist.</summary>
    public ClientCertificates? Certificates { get; set; }

    private HttpClientFactoryOptions Client =>
        _scope
            .ServiceProvider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>()
            .Get(OAuthIntrospectionDefaults.GetHttpClientName(_scheme));

    public HttpClient CreateClient(string name)
    {
        var client = new HttpClient(_handler, disposeHandler: false);
        foreach (Action<HttpClient> configure in Client.HttpClientActions)
            configure(client);
        return client;
    }

    public HttpMessageHandler CreateHandler(string name) => _handler;

    public void Dispose()
    {
        // A primary handler of the application may be shared. Its connections close when they are idle.
        if (_isOwned)
            _handler.Dispose();
        _scope.Dispose();
    }

    private (HttpMessageHandler Handler, bool HasApplicationCode) Create()
    {
        var builder = _scope.ServiceProvider.GetRequiredService<HttpMessageHandlerBuilder>();
        builder.Name = OAuthIntrospectionDefaults.GetHttpClientName(_scheme);
        HttpMessageHandler original = builder.PrimaryHandler;

        Action<HttpMessageHandlerBuilder> configure = next =>
        {
            foreach (Action<HttpMessageHandlerBuilder> action in Client.HttpMessageHandlerBuilderActions)
                action(next);
        };
        foreach (
            IHttpMessageHandlerBuilderFilter filter in _scope.ServiceProvider.GetServices<IHttpMessageHandlerBuilderFilter>().Reverse()
        )
        {
            if (filter is not SchemeHandlers)
                configure = filter.Configure(configure);
        }

        configure(builder);
        _isOwned = ReferenceEquals(builder.PrimaryHandler, original);
        if (!_isOwned)
            original.Dispose();
        bool hasApplicationCode = SchemeHandlers.HasApplicationCode(builder, Client);
        SchemeHandlers.Secure(_scheme, builder, () => _options.Current, Certificates!);
        return (builder.Build(), hasApplicationCode);
    }
}
