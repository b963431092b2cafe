using System.Security.Cryptography;

// The API, Redis and an authorization server for development, and the dashboard that shows them.
var builder = DistributedApplication.CreateBuilder(args);

// The authorization server: `dotnet introspection serve`. Its issuer is the address on which it listens, so no proxy stands before it.
const int Port = 7662;
string issuer = $"http://127.0.0.1:{Port}";
var clientSecret = builder.AddParameter("client-secret", RandomSecret(), secret: true);
var authorizationServer = builder
    .AddProject<Projects.IntrospectionAuth_Tool>("authorization-server")
    .WithArgs("serve", "--port", $"{Port}", "--client-id", "notes")
    .WithEnvironment("INTROSPECTION_CLIENT_SECRET", clientSecret)
    .WithHttpEndpoint(port: Port, isProxied: false)
    .WithHttpHealthCheck("/.well-known/oauth-authorization-server");

// Redis is a process here, so that no container runtime is needed. With one, use AddRedis("redis") of the package Aspire.Hosting.Redis, and
// WithReference(redis) below, which sets the same connection string.
var redis = builder.AddExecutable("redis", "redis-server", Path.GetTempPath()).WithEndpoint(name: "tcp", scheme: "tcp");
EndpointReference redisAddress = redis.GetEndpoint("tcp");
redis.WithArgs("--port", redisAddress.Property(EndpointProperty.TargetPort), "--bind", "127.0.0.1", "--save", "");

var cacheSecret = builder.AddParameter("cache-secret", RandomSecret(), secret: true);
builder
    .AddProject<Projects.NotesApi>("api")
    .WithEnvironment(Setting("Authority"), issuer)
    .WithEnvironment(Setting("ClientId"), "notes")
    .WithEnvironment(Setting("ClientSecret"), clientSecret)
    .WithEnvironment(Setting("SharedCache__Secrets__0"), cacheSecret)
    .WithEnvironment("ConnectionStrings__redis", redisAddress.Property(EndpointProperty.HostAndPort))
    .WithHttpHealthCheck("/health")
    .WaitFor(authorizationServer)
    .WaitFor(redis);

await builder.Build().RunAsync();

static string Setting(string name) => "Authentication__Schemes__OAuthIntrospection__" + name;

static string RandomSecret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
