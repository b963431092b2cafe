using IntrospectionAuth.Testing;

// The authorization server: a real server on a loopback port inside this process, so that everything runs offline.
await using var authorizationServer = await FakeAuthorizationServer.ListenAsync();

// The API behind the proxy. It checks no tokens, so it must be reachable through the proxy only. It receives none either.
await using var api = BuildApi();
await api.StartAsync();

// The proxy. appsettings.json has its routes, each with the policy that it requires: "AuthorizationPolicy": "scope:read".
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Configuration["ReverseProxy:Clusters:notes:Destinations:one:Address"] = api.Urls.Single();

builder.Services.AddAuthentication().AddOAuthIntrospection();
builder.Services.AddAuthorization();
builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));

// Without this line the proxy calls the authorization server that appsettings.json names.
builder.Services.UseFakeAuthorizationServer(authorizationServer);

await using var proxy = builder.Build();
proxy.MapReverseProxy();
await proxy.StartAsync();

string notes = new Uri(new Uri(proxy.Urls.First()), "/notes").AbsoluteUri;
string reader = authorizationServer.IssueToken("read");
Console.WriteLine(
    $"""
    Paste:

      A token with the scope: 200
      curl -i {notes} -H "Authorization: Bearer {reader}"

      No token: 401
      curl -i {notes}

      A token without the scope: 403
      curl -i -X POST {notes} -H "Authorization: Bearer {reader}"

    Press Ctrl+C to stop.
    """);
await proxy.WaitForShutdownAsync();

static WebApplication BuildApi()
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    builder.Logging.SetMinimumLevel(LogLevel.Warning);

    var api = builder.Build();
    api.MapGet("/notes", (HttpRequest request) => $"Notes. Token received: {request.Headers.ContainsKey("Authorization")}.\n");
    api.MapPost("/notes", () => "Added.\n");
    return api;
}
