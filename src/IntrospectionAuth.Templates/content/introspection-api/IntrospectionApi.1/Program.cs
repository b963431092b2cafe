var builder = WebApplication.CreateBuilder(args);

builder.Services.AddAuthentication().AddOAuthIntrospection(); // Authentication:Schemes:OAuthIntrospection in appsettings.json
builder.Services.AddAuthorization();
builder.Services.AddProblemDetails();
builder.Services.AddHealthChecks().AddOAuthIntrospection();
builder.Services.AddOpenApi(options => options.AddOAuthIntrospection());

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();

app.MapHealthChecks("/health");
app.MapOpenApi(); // /openapi/v1.json
if (app.Environment.IsDevelopment())
    app.MapOAuthIntrospectionDiagnostics(); // /_introspection
#if (hasScopes)
app.MapGet("/notes", () => new[] { "A note." }).RequireAuthorization("scope:read");
#else
// Responses of this server have no scopes: other claims protect the endpoints.
app.MapGet("/notes", () => new[] { "A note." }).RequireAuthorization(policy => policy.RequireClaim("org_id"));
#endif

app.Run();
