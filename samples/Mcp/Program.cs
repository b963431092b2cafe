using Mcp;

// An MCP server with opaque tokens and a scope for each tool. appsettings.json names the resource; the authorization server is set in
// appsettings.Development.json or the environment.
var builder = WebApplication.CreateBuilder(args);

builder.Services.AddAuthentication().AddOAuthIntrospection();
builder.Services.AddAuthorization();

builder.Services.AddSingleton<Notes>();
builder.Services.AddMcpServer()
    .WithHttpTransport()
    .WithTools<NoteTools>()
    .AddToolAuthorization();

var app = builder.Build();

// Every request needs a token with notes:read. Tools may require more.
app.MapMcp("/mcp")
    .RequireAuthorization("scope:notes:read")
    .RequireToolAuthorization();

// Where clients find the authorization server: /.well-known/oauth-protected-resource/mcp.
app.MapProtectedResourceMetadata();

app.Run();
