using IntrospectionAuth.Integrations.Tests.Hosting;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

namespace IntrospectionAuth.Integrations.Tests.Proxies;

/// <summary>A YARP proxy whose routes come from configuration, before an API that returns its Authorization header.</summary>
internal sealed class ProxyApi(KestrelHost proxy, KestrelHost backend, ConfigurationChanges changes) : IAsyncDisposable
{
    public KestrelHost Proxy => proxy;

    public ConfigurationChanges Changes => changes;

    public HttpClient Client { get; } = new() { BaseAddress = proxy.Address };

    public static async Task<ProxyApi> StartAsync(FakeAuthorizationServer server)
    {
        KestrelHost backend = await KestrelHost.StartAsync(
            server,
            _ => { },
            app =>
            {
                app.MapGet("/{route}/open", (HttpRequest request) => "received: " + request.Headers.Authorization);
                app.MapGet("/{route}/scoped", () => "").RequireAuthorization("scope:read");
            }
        );
        var changes = new ConfigurationChanges();
        KestrelHost proxy = await KestrelHost.StartAsync(
            server,
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(Settings(backend.Address));
                builder.Services.AddSingleton<IConfigChangeListener>(changes);
                builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));
            },
            app => app.MapReverseProxy()
        );
        return new ProxyApi(proxy, backend, changes);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Changes the policy of the route /read, as a changed appsettings.json does.</summary>
    public void ChangePolicy(string policy)
    {
        proxy.Configuration["ReverseProxy:Routes:read:AuthorizationPolicy"] = policy;
        proxy.Configuration.Reload();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await proxy.DisposeAsync();
        await backend.DisposeAsync();
    }

    private static Dictionary<string, string?> Settings(Uri backend) =>
        new()
        {
            ["ReverseProxy:Clusters:api:Destinations:one:Address"] = backend.ToString(),
            ["ReverseProxy:Routes:read:ClusterId"] = "api",
            ["ReverseProxy:Routes:read:AuthorizationPolicy"] = "scope:read",
            ["ReverseProxy:Routes:read:Match:Path"] = "/read/{**rest}",
            ["ReverseProxy:Routes:removed:ClusterId"] = "api",
            ["ReverseProxy:Routes:removed:AuthorizationPolicy"] = "scope:read",
            ["ReverseProxy:Routes:removed:Match:Path"] = "/removed/{**rest}",
            ["ReverseProxy:Routes:removed:Transforms:0:RequestHeaderRemove"] = "Authorization",
            ["ReverseProxy:Routes:through:ClusterId"] = "api",
            ["ReverseProxy:Routes:through:Match:Path"] = "/through/{**rest}",
        };
}
