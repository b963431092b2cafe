using System.Security.Claims;
using IntrospectionAuth;
using Scalar.AspNetCore;

// An API whose OpenAPI document says what each operation demands of access tokens, and two pages that obtain tokens and try it.
var builder = WebApplication.CreateBuilder(args);

builder.Services.AddAuthentication().AddOAuthIntrospection(); // Authentication:Schemes:OAuthIntrospection in appsettings.json
builder.Services.AddAuthorization();

builder.Services.AddOpenApi(options => options.AddOAuthIntrospection());

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();

app.MapGet("/public", () => "Every caller may read this.");
app.MapGet("/me", (ClaimsPrincipal user) => user.FindFirst("sub")?.Value).RequireAuthorization();

RouteGroupBuilder notes = app.MapGroup("/notes").RequireScope("read").WithTags("Notes");
notes.MapGet("", () => "All notes.").WithSummary("Reads all notes");
notes.MapPost("", () => "A new note.").WithSummary("Adds a note").RequireScope("write");
notes.MapDelete("", () => "No notes.").WithSummary("Deletes all notes").RequireAnyScope("write", "admin").RequireFreshToken(TimeSpan.Zero);
notes
    .MapPost("/transfer", [RequireRecentAuthentication(300)] () => "Transferred.")
    .WithSummary("Transfers all notes to another user")
    .RequireScope("write");

if (app.Environment.IsDevelopment())
{
    string? client = app.Configuration["OpenApi:ClientId"]; // a public client with the redirect URIs of both pages

    app.MapOpenApi();
    app.UseSwaggerUI(page =>
    {
        page.SwaggerEndpoint("/openapi/v1.json", "v1");
        page.OAuthClientId(client);
        page.OAuthUsePkce();
    });
    app.MapScalarApiReference(page =>
        page.AddPreferredSecuritySchemes(OAuthIntrospectionDefaults.AuthenticationScheme)
            .AddAuthorizationCodeFlow(OAuthIntrospectionDefaults.AuthenticationScheme, flow => flow.ClientId = client)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
    );
}

await app.RunAsync();
