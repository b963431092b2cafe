using Grpc.Core;
using Grpc.Net.Client;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Notes;

// The authorization server: a real server on a loopback port inside this process, so that everything runs offline.
await using var authorizationServer = await FakeAuthorizationServer.ListenAsync();

// The service. Without TLS a port has either HTTP/2, which gRPC needs, or HTTP/1.1.
var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(it => it.Protocols = HttpProtocols.Http2));
builder.Logging.SetMinimumLevel(LogLevel.Error);

builder.Services.AddAuthentication().AddOAuthIntrospection(options =>
{
    options.IntrospectionEndpoint = "https://auth.example.com/introspect";
    options.ClientId = "notes";
    options.ClientSecret = builder.Configuration["AuthorizationServer:ClientSecret"];
});
builder.Services.AddAuthorization();
builder.Services.AddGrpc();

// Without this line the service calls the authorization server named above.
builder.Services.UseFakeAuthorizationServer(authorizationServer);

await using var app = builder.Build();
app.MapGrpcService<NoteBookService>();
await app.StartAsync();

// A client. The token is an entry of the metadata.
using var channel = GrpcChannel.ForAddress(app.Urls.Single());
var client = new NoteBook.NoteBookClient(channel);

string reader = authorizationServer.IssueToken("read");
string writer = authorizationServer.IssueToken("read", "write");
string revoked = authorizationServer.IssueToken("read");
authorizationServer.Revoke(revoked);

await PrintAsync("Add, scopes read and write", AddAsync(writer));
await PrintAsync("Add, scope read", AddAsync(reader));
await PrintAsync("List, scope read", ListAsync(reader));
await PrintAsync("List, no token", ListAsync(null));
await PrintAsync("List, a revoked token", ListAsync(revoked));

// The authorization server fails. A token whose response is cached still works.
authorizationServer.RespondWith(503, headers: [new("Retry-After", "30")]);
await PrintAsync("List in an outage, a cached token", ListAsync(reader));
await PrintAsync("List in an outage, a new token", ListAsync(authorizationServer.IssueToken("read")));

async Task<string> AddAsync(string? token) => (await client.AddAsync(new Note { Text = "milk" }, MetadataOf(token))).Text;

async Task<string> ListAsync(string? token)
{
    using var call = client.List(new ListRequest(), MetadataOf(token));
    var texts = new List<string>();
    await foreach (Note note in call.ResponseStream.ReadAllAsync())
        texts.Add(note.Text);
    return string.Join(", ", texts);
}

static Metadata MetadataOf(string? token) => token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };

static async Task PrintAsync(string title, Task<string> call)
{
    try
    {
        Console.WriteLine($"{title,-34} {StatusCode.OK,-17} {await call}");
    }
    catch (RpcException failure)
    {
        Console.WriteLine($"{title,-34} {failure.StatusCode,-17} {failure.Status.Detail}");
    }
}
