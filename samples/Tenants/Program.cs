using IntrospectionAuth;
using IntrospectionAuth.Testing;
using Tenants;

// The authorization servers of two customers: real servers on loopback ports inside this process, so that everything runs offline.
await using var acmeServer = await FakeAuthorizationServer.ListenAsync();
await using var globexServer = await FakeAuthorizationServer.ListenAsync();
var workspaces = new Workspaces
{
    ["acme"] = acmeServer,
    ["acme-labs"] = acmeServer, // two workspaces of one customer
    ["globex"] = globexServer,
};

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, EnvironmentName = Environments.Development });
builder.Configuration["urls"] ??= "http://127.0.0.1:5081";

// A tenant for each workspace. The route says which one a request is for.
builder.Services.AddSingleton(workspaces);
builder.Services.AddAuthentication().AddOAuthIntrospection(options => options.TenantResolverType = typeof(Workspaces));
builder.Services.AddAuthorization();

var app = builder.Build();

// The server of a workspace knows its own tokens only. acme and acme-labs share one, so the rule also compares the workspace of the token.
app.MapGet("/workspaces/{workspace}/orders", (string workspace) => $"Orders of {workspace}\n")
    .RequireAuthorization("scope:read")
    .RequireTenant("workspace_id", routeValue: "workspace");

// Customers come and go while the API runs. Without Remove, a change takes effect within TenantCache.RefreshAfter, 10 minutes.
// A real API lets operators alone do this.
RouteGroupBuilder admin = app.MapGroup("/admin/workspaces");
admin.MapPut("/{name}", (string name, OAuthIntrospectionTenants tenants) =>
{
    workspaces[name] = globexServer;
    tenants.Remove(name);
    return Results.NoContent();
});
admin.MapDelete("/{name}", (string name, OAuthIntrospectionTenants tenants) =>
{
    workspaces.TryRemove(name, out _);
    tenants.Remove(name);
    return Results.NoContent();
});

// Where clients find the authorization server of a workspace.
app.MapProtectedResourceMetadata("/workspaces/{workspace}");
app.MapOAuthIntrospectionDiagnostics(); // /_introspection

await app.StartAsync();
app.PrintGuide(acmeServer, globexServer);
await app.WaitForShutdownAsync();
