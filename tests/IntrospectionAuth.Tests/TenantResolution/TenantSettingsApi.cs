using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.TenantResolution;

/// <summary>An API at /t/{tenant} with settings from the configuration.</summary>
internal static class TenantSettingsApi
{
    /// <param name="server">A server whose secrets must not be logged.</param>
    /// <param name="settings">Settings of the scheme: <c>key=value</c>.</param>
    /// <param name="configure">Sets options of the scheme in code.</param>
    public static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        IEnumerable<string> settings,
        Action<OAuthIntrospectionOptions>? configure = null
    ) => StartAsync(server, configuration => configuration.AddInMemoryCollection(settings.Select(Parse)), configure);

    /// <param name="server">A server whose secrets must not be logged.</param>
    /// <param name="configuration">Adds the configuration.</param>
    /// <param name="configure">Sets options of the scheme in code.</param>
    public static Task<TestApi> StartAsync(
        FakeAuthorizationServer server,
        Action<IConfigurationManager> configuration,
        Action<OAuthIntrospectionOptions>? configure = null
    ) =>
        TestApi.StartAsync(
            server,
            new TestApiSetup
            {
                Schemes = [],
                Configuration = configuration,
                Services = services =>
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(options =>
                        {
                            options.ResolveTenant = OAuthIntrospectionTenantNames.FromRouteValue("tenant");
                            configure?.Invoke(options);
                        }),
                Endpoints = static app =>
                    app.MapGet("/t/{tenant}", static context => context.Response.WriteAsync(context.User.FindFirst("sub")?.Value ?? ""))
                        .RequireAuthorization(),
            }
        );

    public static async Task<string> GetAsync(TestApi api, string tenant, string token)
    {
        using HttpResponseMessage response = await api.GetAsync("/t/" + tenant, token);
        string user = response.IsSuccessStatusCode ? " " + await response.Content.ReadAsStringAsync() : "";
        return $"{(int)response.StatusCode}{user}";
    }

    public static KeyValuePair<string, string?> Parse(string setting)
    {
        int end = setting.IndexOf('=', StringComparison.Ordinal);
        return new("Authentication:Schemes:OAuthIntrospection:" + setting[..end], setting[(end + 1)..]);
    }
}
