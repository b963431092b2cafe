using System.Net.Http.Headers;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.DiagnosticsPage;

/// <summary>An API in Development with the diagnostics page, for a browser.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private PageHost(WebApplication app, FakeAuthorizationServer server)
    {
        _app = app;
        Server = server;
        Page = app.Urls.Single() + "/_introspection"; // also known after the end
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public FakeAuthorizationServer Server { get; }

    /// <summary>The URL of the page.</summary>
    public string Page { get; }

    public static async Task<PageHost> StartAsync()
    {
        var server = FakeAuthorizationServer.Create();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder
            .Services.AddAuthentication()
            .AddOAuthIntrospection(options =>
            {
                options.IntrospectionEndpoint = "https://auth.example.com/introspect";
                options.ClientId = "orders";
                options.ClientSecret = "secret";
                options.Audiences.Add("api://orders");
                options.Cache.MaximumAge = TimeSpan.FromMinutes(1);
                options.Resilience.Retries = 0;
            });
        builder.Services.AddAuthorization();
        builder.Services.UseFakeAuthorizationServer(server);

        WebApplication app = builder.Build();
        app.MapGet("/orders/{**id}", () => "order").RequireAuthorization("scope:orders.read");
        app.MapPost("/orders", () => "created").RequireAuthorization("scope:orders.write");
        app.MapOAuthIntrospectionDiagnostics();
        await app.StartAsync();
        return new PageHost(app, server);
    }

    public string IssueToken(string scope = "orders.read", object? audience = null, TimeSpan? lifetime = null) =>
        Server.IssueToken(token =>
        {
            token.Scopes = [scope];
            token.Members["aud"] = audience ?? "api://orders";
            token.Lifetime = lifetime ?? TimeSpan.FromHours(1);
        });

    public async Task<int> SendAsync(string path, string? token, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await _client.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>Requests with every outcome; the last one is refused for its audience.</summary>
    public async Task SendExamplesAsync()
    {
        string reader = IssueToken();
        await SendAsync("/orders/17", token: null);
        await SendAsync("/orders/17", reader);
        await SendAsync("/orders/18", reader);
        await SendAsync("/orders", reader, HttpMethod.Post);
        await SendAsync("/orders/17", "0123456789abcdef0123456789abcdef");
        Server.RespondWith(502, "<html><body>Bad gateway</body></html>", "text/html");
        await SendAsync("/orders/19", IssueToken());
        Server.ResetBehavior();
        await SendAsync("/orders/20", IssueToken(lifetime: TimeSpan.FromMinutes(-3)));
        await SendAsync("/orders/21", IssueToken(audience: "api://billing"));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await Server.DisposeAsync();
    }
}
