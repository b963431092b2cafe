using Microsoft.Extensions.Diagnostics.HealthChecks;

// An API as in any Aspire application. The AppHost sets Authentication:Schemes:OAuthIntrospection and the address of Redis.
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(); // telemetry, health checks, resilience of HTTP clients

builder.Services.AddAuthentication().AddOAuthIntrospection();
builder.Services.AddAuthorization();
builder.Services.AddOAuthIntrospectionRedis(
    builder.Configuration.GetConnectionString("redis") ?? throw new InvalidOperationException("Set ConnectionStrings:redis.")
);

// Degraded: /health stays 200 while the authorization server is down, so that no orchestrator restarts the API for it.
builder.Services.AddHealthChecks().AddOAuthIntrospection(failureStatus: HealthStatus.Degraded);

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGet("/notes", () => "All notes.").RequireAuthorization("scope:read");
app.MapPost("/notes", () => "A new note.").RequireAuthorization("scope:write");

await app.RunAsync();
