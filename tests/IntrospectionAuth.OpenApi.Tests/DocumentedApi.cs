using System.Net;
using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace IntrospectionAuth.OpenApi.Tests;

/// <summary>An API on a real socket that publishes its OpenAPI document.</summary>
internal sealed class DocumentedApi : IAsyncDisposable
{
    public const string Scheme = OAuthIntrospectionDefaults.AuthenticationScheme;

    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private DocumentedApi(WebApplication app, ManualTimeProvider time)
    {
        _app = app;
        Time = time;
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public ManualTimeProvider Time { get; }

    /// <summary>Starts an API with one introspection scheme that is configured by its endpoint, unless a test says otherwise.</summary>
    public static async Task<DocumentedApi> StartAsync(
        Action<WebApplication> endpoints,
        Action<OAuthIntrospectionOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<AuthorizationOptions>? authorization = null,
        Action<OpenApiOptions>? document = null
    )
    {
        var time = new ManualTimeProvider();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddRouting();
        builder.Services.AddControllers().ConfigureApplicationPartManager(static parts => parts.ApplicationParts.Clear());
        builder.Services.AddAuthorization(options => authorization?.Invoke(options));
        services?.Invoke(builder.Services);
        builder
            .Services.AddAuthentication()
            .AddOAuthIntrospection(options =>
            {
                options.ClientId = "api";
                options.ClientSecret = "secret";
                (configure ?? (static it => it.IntrospectionEndpoint = "https://auth.example.com/introspect")).Invoke(options);
            });
        builder.Services.AddOpenApi(options =>
        {
            options.AddOAuthIntrospection();
            document?.Invoke(options);
        });

        WebApplication app = builder.Build();
        endpoints(app);
        app.MapOpenApi().AllowAnonymous();
        await app.StartAsync();
        return new DocumentedApi(app, time);
    }

    /// <summary>Starts an API with one protected operation that introspects at the server.</summary>
    public static Task<DocumentedApi> StartAtAsync(string authority, Action<OAuthIntrospectionOptions>? configure = null) =>
        StartAsync(
            static app => app.MapGet("/read", static () => "").RequireScope("read"),
            options =>
            {
                options.Authority = authority;
                configure?.Invoke(options);
            }
        );

    public Task<string> GetTextAsync() => _client.GetStringAsync("/openapi/v1.json");

    public async Task<JsonObject> GetAsync() => JsonNode.Parse(await GetTextAsync())!.AsObject();

    public async Task<JsonObject> GetOperationAsync(string path, string method = "get") =>
        (await GetAsync())["paths"]![path]![method]!.AsObject();

    public async Task<JsonObject> GetSchemeAsync(string name = Scheme) =>
        (await GetAsync())["components"]!["securitySchemes"]![name]!.AsObject();

    public async Task<int> GetStatusAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", token);
        using HttpResponseMessage response = await _client.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>Asserts that Microsoft.OpenApi reads the document without an error or a warning.</summary>
    public static void AssertValid(string document)
    {
        ReadResult result = OpenApiDocument.Parse(document, "json");

        Assert.Empty(result.Diagnostic!.Errors);
        Assert.Empty(result.Diagnostic.Warnings);
        Assert.Empty(result.Document!.Validate(ValidationRuleSet.GetDefaultRuleSet()));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }
}
