using System.Security.Cryptography;
using Fleet.Demo;
using IntrospectionAuth;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Mvc;

// The engine that the nodes share, as a process of its own.
if (!RedisProcess.IsInstalled)
{
    Console.WriteLine("This sample needs redis-server on the PATH. On Debian and Ubuntu: apt-get install redis-server");
    return 1;
}

await using var redis = new RedisProcess();
redis.Start();

// The authorization server: a real server on a loopback port inside this process, so that everything runs offline.
await using var authorizationServer = await FakeAuthorizationServer.ListenAsync();

// Every node of a fleet has the same secret. A real one is kept with the other secrets of the API.
string secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

// Three nodes. Here they are in one process; each has its own memory, its own connection to Redis and its own port.
await using Node first = await StartNodeAsync("node 1"), second = await StartNodeAsync("node 2"), third = await StartNodeAsync("node 3");

// The page and the endpoints behind its buttons.
var pageBuilder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
pageBuilder.UseDemoAddress();
pageBuilder.Logging.SetMinimumLevel(LogLevel.Warning);
var page = pageBuilder.Build();
page.UseFileServer();
page.MapDemo(authorizationServer, redis, [first, second, third]);

await page.StartAsync();
Console.WriteLine($"Open {page.GetDemoAddress()}");
Console.WriteLine("Press Ctrl+C to stop.");
await page.WaitForShutdownAsync();
return 0;

async Task<Node> StartNodeAsync(string name)
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    builder.Logging.SetMinimumLevel(LogLevel.Error);

    builder.Services.AddAuthentication().AddOAuthIntrospection(options =>
    {
        options.IntrospectionEndpoint = "https://auth.example.com/introspect";
        options.ClientId = "api";
        options.ClientSecret = "not used, because the authorization server is a fake";
        options.SharedCache.Secrets.Add(secret);
        options.SharedCache.FeedPatience = TimeSpan.FromSeconds(5);
        options.SharedCache.Timeout = TimeSpan.FromSeconds(1); // the first operations of a process take longer than the default
    });
    builder.Services.AddOAuthIntrospectionRedis(redis.Address);
    builder.Services.AddAuthorization();

    // Without this line the node calls the authorization server named above.
    builder.Services.UseFakeAuthorizationServer(authorizationServer);
    builder.Services.AddSourceReport();

    var app = builder.Build();
    app.UseSourceReport(authorizationServer);
    app.UseAuthentication();
    app.UseAuthorization();
    app.MapGet("/read", () => "You may read.").RequireAuthorization("scope:read");

    // The token is in the body, because URLs are logged. Without cookies there is nothing that antiforgery could protect.
    app.MapPost("/forget", ([FromForm] string token, OAuthIntrospectionCache cache) => cache.RemoveToken(token))
        .RequireAuthorization("scope:admin")
        .DisableAntiforgery();

    await app.StartAsync();
    return new Node(name, app);
}
