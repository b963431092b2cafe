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
    private readonly Dictionary<string, FakeAuthorizationServer> _servers;
    private readonly bool _ownsServers;
    private TestApi? _api;

    private TenantApi(TenantApi? beside)
    {
        _ownsServers = beside is null;
        _servers = beside?._servers ?? new(StringComparer.Ordinal);
    }

    /// <summary>The names that were resolved, in order.</summary>
    public ConcurrentQueue<string> Resolved { get; } = new();

    /// <summary>Runs when a tenant is resolved, before its options are set.</summary>
    public Func<OAuthIntrospectionTenant, CancellationToken, ValueTask>? OnResolving { get; set; }

    /// <summary>Sets all options of every tenant, in place of those of the servers.</summary>
    public Action<OAuthIntrospectionTenant>? Configure { get; set; }

    public TestApi Api => _api!;

    public FakeAuthorizationServer this[string tenant] => _servers[tenant];

    public OAuthIntrospectionTenants Tenants => Api.Services.GetRequiredService<OAuthIntrospectionTenants>();

    /// <param name="configure">Sets options of the scheme.</param>
    /// <param name="time">The clock.</param>
    /// <param name="services">Adds services.</param>
    /// <param name="resolve">Finds the name of a tenant; null for the route value.</param>
    /// <param name="endpoints">Maps endpoints.</param>
    /// <param name="beside">Another node with the same servers.</param>
    public static async Task<TenantApi> StartAsync(
        Action<OAuthIntrospectionOptions>? configure = null,
        TimeProvider? time = null,
        Action<IServiceCollection>? services = null,
        Func<OAuthIntrospectionTenantRequest, ValueTask<string?>>? resolve = null,
        Action<WebApplication>? endpoints = null,
        TenantApi? beside = null
    )
    {
        var api = new TenantApi(beside);
        foreach (string tenant in beside is null ? (string[])["acme", "beta", "gamma"] : [])
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
                    endpoints?.Invoke(app);
                },
            }
        );
        return api;
    }

    /// <summary>Issues the same token at a server.</summary>
    public void Issue(string tenant, string token, string subject) =>
        this[tenant].IssueToken(it => (it.Value, it.Subject) = (token, subject));

    /// <summary>Forgets the calls so far at all servers.</summary>
    public void ClearCalls()
    {
        foreach (FakeAuthorizationServer server in _servers.Values)
            server.ClearCalls();
    }

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
        foreach (FakeAuthorizationServer server in _ownsServers ? [.. _servers.Values] : Array.Empty<FakeAuthorizationServer>())
            await server.DisposeAsync();
    }

    private async ValueTask<bool> ConfigureAsync(OAuthIntrospectionTenant tenant, CancellationToken cancellationToken)
    {
        Resolved.Enqueue(tenant.Name);
        if (OnResolving is not null)
            await OnResolving(tenant, cancellationToken);
        if (Configure is not null)
        {
            Configure(tenant);
            return true;
        }

        if (!_servers.TryGetValue(tenant.Name, out FakeAuthorizationServer? server))
            return false;

        tenant.Options.IntrospectionEndpoint ??= server.IntrospectionEndpoint;
        tenant.Options.ClientId = server.ClientId;
        tenant.Options.ClientSecret = server.ClientSecret;
        return true;
    }
}
