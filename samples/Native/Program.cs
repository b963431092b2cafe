using System.Security.Claims;
using IntrospectionAuth;
using Native;

// An API that is compiled ahead of time: one file that needs no .NET on the machine. Its settings are those of any API,
// Authentication:Schemes:OAuthIntrospection.
//
//   dotnet publish samples/Native -p:PublishNative=true
var builder = WebApplication.CreateSlimBuilder(args);

builder.Services.AddAuthentication().AddOAuthIntrospection();
builder.Services.AddAuthorization();
builder.Services.AddHealthChecks().AddOAuthIntrospection();
builder.Services.AddOpenApi(options => options.AddOAuthIntrospection());
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));

// Many nodes share responses and removals through Redis, if it is configured.
if (builder.Configuration["Authentication:Schemes:OAuthIntrospection:SharedCache:Redis"] is not null)
    builder.Services.AddOAuthIntrospectionRedis();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();

app.MapGet("/public", () => "Every caller may read this.");

app.MapGet("/me", (ClaimsPrincipal user) => new Caller(user.FindFirst("sub")?.Value, [.. user.FindAll("scope").Select(it => it.Value)]))
    .RequireAuthorization();

app.MapGet("/read", () => "You may read.").RequireScope("read");

// For payments, for example: every request calls the authorization server.
app.MapGet("/pay", () => "You may pay.").RequireScope("pay").RequireFreshToken(TimeSpan.Zero);

app.MapProtectedResourceMetadata();
app.MapHealthChecks("/health");
if (app.Environment.IsDevelopment())
{
    app.MapOpenApi();
    app.MapOAuthIntrospectionDiagnostics();
}

await app.RunAsync();
