using System.Collections.Concurrent;
using System.Net;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.Discovery;

/// <summary>
/// An authorization server on a real socket that publishes metadata. Every path responds 404 until a test sets its response.
/// </summary>
internal sealed class MetadataServer : IAsyncDisposable
{
    public const string OpenId = "/.well-known/openid-configuration";
    public const string OAuth = "/.well-known/oauth-authorization-server";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _paths = new(StringComparer.Ordinal);
    private readonly Journal<string> _requests = new();

    private MetadataServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>Method and path of every request, in the order in which they came.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public static async Task<MetadataServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var server = new MetadataServer(app);
        app.Run(server.RespondAsync);
        await app.StartAsync();
        server.RespondAt("/introspect", """{"active":true,"scope":"read"}""");
        return server;
    }

    public int Count(string request) => _requests.Count(it => it == request);

    public Task WaitForAsync(string request, int count = 1) => _requests.WaitForAsync(it => it == request, count);

    public void On(string path, RequestDelegate respond) => _paths[path] = respond;

    public void Remove(string path) => _paths.TryRemove(path, out _);

    /// <summary>Serves metadata that names an endpoint of this server.</summary>
    public void Publish(string path = OpenId, string? issuer = null, string endpoint = "/introspect") =>
        PublishText(path, Describe(issuer, endpoint));

    public string Describe(string? issuer = null, string endpoint = "/introspect") =>
        $$"""{"issuer":"{{issuer ?? Url}}","introspection_endpoint":"{{Url + endpoint}}"}""";

    public void PublishText(string path, string text, string contentType = "application/json") =>
        On(path, context => WriteAsync(context, text, contentType));

    public void RespondAt(string path, string body) => On(path, context => WriteAsync(context, body));

    public void RespondAt(string path, int status, string? retryAfter = null, string? location = null) =>
        On(
            path,
            context =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.RetryAfter = retryAfter;
                context.Response.Headers.Location = location;
                return Task.CompletedTask;
            }
        );

    /// <summary>Holds every response of a path until the gate is released.</summary>
    public Gate HoldAt(string path, string body)
    {
        var gate = new Gate();
        On(
            path,
            async context =>
            {
                await gate.WaitAsync().WaitAsync(context.RequestAborted);
                await WriteAsync(context, body);
            }
        );
        return gate;
    }

    /// <summary>Lets a path never respond.</summary>
    /// <returns>A task that completes when the first request has arrived.</returns>
    public Task HangAt(string path)
    {
        var gate = new Gate();
        On(path, context => gate.WaitAsync().WaitAsync(context.RequestAborted));
        return gate.Arrived;
    }

    public static Task WriteAsync(HttpContext context, string text, string contentType = "application/json")
    {
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(text);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task RespondAsync(HttpContext context)
    {
        _requests.Add($"{context.Request.Method} {context.Request.Path}");
        if (_paths.TryGetValue(context.Request.Path.Value!, out RequestDelegate? respond))
            return respond(context);

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
