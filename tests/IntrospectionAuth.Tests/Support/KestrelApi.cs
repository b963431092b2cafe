using System.Net;
using System.Net.Sockets;
using System.Text;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.Support;

/// <summary>An API on a real socket, for what an in-memory server does otherwise: limits, bodies that break off, upgrades.</summary>
internal sealed class KestrelApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KestrelApi(WebApplication app, LogRecorder log)
    {
        _app = app;
        Log = log;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    public HttpClient Client { get; }

    public LogRecorder Log { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts an API with the endpoints /me and /public, which asks the server.</summary>
    public static Task<KestrelApi> StartAsync(
        FakeAuthorizationServer server,
        Action<OAuthIntrospectionOptions> configure,
        Action<WebApplication>? endpoints = null,
        Action<KestrelServerOptions>? kestrel = null
    ) =>
        StartAsync(
            services =>
            {
                services.AddAuthentication().AddOAuthIntrospection(configure);
                services.UseFakeAuthorizationServer(server);
            },
            endpoints,
            kestrel
        );

    public static async Task<KestrelApi> StartAsync(
        Action<IServiceCollection> services,
        Action<WebApplication>? endpoints = null,
        Action<KestrelServerOptions>? kestrel = null
    )
    {
        var log = new LogRecorder();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(options =>
            {
                kestrel?.Invoke(options); // first: the defaults of endpoints count for those that come after
                options.Listen(IPAddress.Loopback, 0);
            });
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        services(builder.Services);

        WebApplication app = builder.Build();
        app.Map("/me", context => context.Response.WriteAsync(context.User.FindFirst("sub")?.Value ?? "anonymous")).RequireAuthorization();
        app.Map("/public", context => context.Response.WriteAsync("public"));
        endpoints?.Invoke(app);
        await app.StartAsync();
        return new KestrelApi(app, log);
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content = null,
        string? authorization = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = content;
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await Client.SendAsync(request);
    }

    /// <summary>Sends these bytes and nothing more, and leaves when it is time.</summary>
    public async Task SendRawAsync(string text, Task leave)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Client.BaseAddress!.Host, Client.BaseAddress.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
        await leave;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
