using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Mcp.Tests.Hosting;

/// <summary>An MCP server on a real socket. Its endpoint requires <c>notes:read</c>, and its tools more.</summary>
internal sealed class McpApi : IAsyncDisposable
{
    public const string Resource = "https://mcp.example.com/mcp";
    public const string Metadata = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";

    private readonly WebApplication _app;

    private McpApi(WebApplication app, FakeAuthorizationServer server, Invocations invocations, LogText log)
    {
        _app = app;
        Server = server;
        Invocations = invocations;
        Log = log;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    public FakeAuthorizationServer Server { get; }

    public HttpClient Client { get; }

    /// <summary>What has run.</summary>
    public Invocations Invocations { get; }

    /// <summary>Everything that is logged, at every level.</summary>
    public LogText Log { get; }

    public static async Task<McpApi> StartAsync(McpApiSetup? setup = null)
    {
        setup ??= new McpApiSetup();
        var server = FakeAuthorizationServer.Create(setup.AuthorizationServer);
        var log = new LogText();
        var invocations = new Invocations();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Configuration.AddInMemoryCollection(
            setup.Settings.Select(static setting =>
                KeyValuePair.Create("Authentication:Schemes:OAuthIntrospection:" + setting.Key, setting.Value)
            )
        );
        builder.Services.AddRouting();
        builder.Services.AddAuthorization();
        builder.Services.AddSingleton(invocations);
        builder.Services.AddHttpContextAccessor();
        setup.Authentication(builder.Services);
        builder.Services.PostConfigure(OAuthIntrospectionDefaults.AuthenticationScheme, setup.Configure);
        builder.Services.UseFakeAuthorizationServer(server);
        setup.Server(builder.Services.AddMcpServer());

        WebApplication app = builder.Build();
        try
        {
            setup.Endpoints(app);
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            await server.DisposeAsync();
            throw;
        }

        return new McpApi(app, server, invocations, log);
    }

    /// <summary>Issues a token for this server.</summary>
    public string Issue(params string[] scopes) => Issue(_ => { }, scopes);

    public string Issue(Action<FakeToken> configure, params string[] scopes) =>
        Server.IssueToken(token =>
        {
            token.Audiences = [Resource];
            token.Scopes = scopes;
            configure(token);
        });

    public Task<McpResponse> CallAsync(string? token, string tool) => PostAsync(token, Messages.Call(tool));

    public Task<McpResponse> PostAsync(string? token, string body) =>
        PostAsync(token, new StringContent(body, Encoding.UTF8, "application/json"));

    public Task<McpResponse> PostAsync(
        string? token,
        HttpContent? content,
        Action<HttpRequestHeaders>? headers = null,
        string path = "/mcp"
    ) => SendAsync(HttpMethod.Post, token, content, headers, path);

    public async Task<McpResponse> SendAsync(
        HttpMethod method,
        string? token,
        HttpContent? content = null,
        Action<HttpRequestHeaders>? headers = null,
        string path = "/mcp"
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        headers?.Invoke(request.Headers);
        using HttpResponseMessage response = await Client.SendAsync(request);
        return await McpResponse.ReadAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Server.DisposeAsync();
    }
}
