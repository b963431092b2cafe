using IntrospectionAuth.Integrations.Tests.Hosting;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Integrations.Tests.Hubs;

/// <summary>An API with hubs, and connections of SignalR's own client.</summary>
internal static class HubApi
{
    public const string Open = "/hubs/open";

    /// <summary>The path of a hub whose connections close when the token expires.</summary>
    public const string Closing = "/hubs/closing";

    /// <summary>The path of a hub where a token in the query is not read.</summary>
    public const string HeaderOnly = "/header-only";

    public static Task<KestrelHost> StartAsync(FakeAuthorizationServer server, TimeProvider? clock = null) =>
        KestrelHost.StartAsync(
            server,
            builder =>
            {
                builder.Services.AddSignalR();
                builder.Services.AddSingleton(clock ?? TimeProvider.System);
                builder.Services.Configure<OAuthIntrospectionOptions>(
                    OAuthIntrospectionDefaults.AuthenticationScheme,
                    options => options.TokenRetrieval.QueryPaths.Add("/hubs")
                );
            },
            app =>
            {
                app.UseWebSockets();
                app.MapHub<ScopedHub>(Open);
                app.MapHub<ScopedHub>(Closing, options => options.CloseOnAuthenticationExpiration = true);
                app.MapHub<ScopedHub>(HeaderOnly);
            }
        );

    public static HubConnection ConnectByHeader(KestrelHost host, string path, HttpTransportType transport, string? token) =>
        new HubConnectionBuilder()
            .WithUrl(
                new Uri(host.Address, path),
                options =>
                {
                    options.Transports = transport;
                    options.AccessTokenProvider = () => Task.FromResult(token);
                }
            )
            .Build();

    public static HubConnection ConnectByQuery(KestrelHost host, string path, HttpTransportType transport, string token) =>
        new HubConnectionBuilder()
            .WithUrl(new Uri(host.Address, path + "?access_token=" + token), options => options.Transports = transport)
            .Build();
}
