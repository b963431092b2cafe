using System.Collections.Concurrent;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>An API at /t/{tenant} with an authorization server on a socket for each tenant: acme, beta and gamma.</summary>
internal sealed class TenantApi : IAsyncDisposable
{
    private readonly Dictionary<string, FakeAuthorizationServer> _servers = new(StringComparer.Ordinal);
    private TestApi? _api;

    /// <summary>The names that were resolved, in order.</summary>
    public ConcurrentQueue<string> Resolved { get; } = new();

    /// <summary>Runs when a tenant is resolved, before its options are set.</summary>
    public Func<OAuthIntrospectionTenant, CancellationToken, ValueTask>? OnResolving { get; set; }

    public TestApi Api => _api!;

    public FakeAuthorizationServer this[string tenant] => _servers[tenant];

    public OAuthIntrospectionTenants Tenants => Api.Services.GetRequiredService<OAuthIntrospectionTenants>();

    public static async Task<TenantApi> StartAsync(
        Action<OAuthIntrospectionOptions>? configure = null,
        TimeProvider? time = null,
        Action<IServiceCollection>? services = null,
        Func<OAuthIntrospectionTenantRequest, ValueTask<string?>>? resolve = null
    )
    {
        var api = new TenantApi();
        foreach (string tenant in (string[])["acme", "beta", "gamma"])
            api._servers.Add(tenant, await FakeAuthorizationServer.ListenAsync());
        api._api = await TestApi.StartAsync(
            api["acme"],
            new TestApiSetup
            {
                Schemes = [],
                Time = time,
                Services = collection =>
                {
                    collection
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            options.ResolveTenant = resolve ?? OAuthIntrospectionTenantNames.FromRouteValue("tenant");
                            options.ConfigureTenant = api.ConfigureAsync;
                            configure?.Invoke(options);
                        });
                    services?.Invoke(collection);
                },
                Endpoints = app =>
                {
                    app.MapGet("/t/{tenant}", context => context.Response.WriteAsync(context.User.FindFirst("sub")?.Value ?? ""))
                        .RequireAuthorization();
                    app.MapGet("/t/{tenant}/write", context => context.Response.WriteAsync("")).RequireAuthorization("scope:write");
                    app.MapGet("/t/{tenant}/public", context => context.Response.WriteAsync("public"));
                },
            }
        );
        return api;
    }

    /// <summary>Issues the same token at a server.</summary>
    public void Issue(string tenant, string token, string subject) =>
        this[tenant].IssueToken(it => (it.Value, it.Subject) = (token, subject));

    public async Task<string> GetAsync(string tenant, string? token, string path = "")
    {
        using HttpResponseMessage response = await Api.GetAsync($"/t/{tenant}{path}", token);
        return response.IsSuccessStatusCode
            ? $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}"
            : $"{(int)response.StatusCode}";
    }

    public async Task<int> StatusAsync(string tenant, string? token, string path = "")
    {
        using HttpResponseMessage response = await Api.GetAsync($"/t/{tenant}{path}", token);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
            await _api.DisposeAsync();
        foreach (FakeAuthorizationServer server in _servers.Values)
            await server.DisposeAsync();
    }

    private async ValueTask<bool> ConfigureAsync(OAuthIntrospectionTenant tenant, CancellationToken cancellationToken)
    {
        Resolved.Enqueue(tenant.Name);
        if (OnResolving is not null)
            await OnResolving(tenant, cancellationToken);
        if (!_servers.TryGetValue(tenant.Name, out FakeAuthorizationServer? server))
            return false;

        tenant.Options.IntrospectionEndpoint ??= server.IntrospectionEndpoint;
        tenant.Options.ClientId = server.ClientId;
        tenant.Options.ClientSecret = server.ClientSecret;
        return true;
    }
}
