using IntrospectionAuth.Testing;
using Quickstart.Demo;

// The authorization server: a real server on a loopback port inside this process, so that everything runs offline.
await using var authorizationServer = await FakeAuthorizationServer.ListenAsync();

// The API. appsettings.json sets a short cache lifetime and timeout, so that their effects are visible.
// In Development a refusal says why, and the diagnostics page is open.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
    EnvironmentName = Environments.Development,
});
builder.UseDemoAddress();

// <readme>
builder.Services.AddAuthentication().AddOAuthIntrospection(options =>
{
    options.IntrospectionEndpoint = "https://auth.example.com/introspect";
    options.ClientId = "api";
    options.ClientSecret = builder.Configuration["AuthorizationServer:ClientSecret"];
});
builder.Services.AddAuthorization();
// </readme>
builder.Services.AddHealthChecks().AddOAuthIntrospection(interval: TimeSpan.FromSeconds(5));
builder.Services.AddControllers(); // WorkspaceController: [Authorize(Policy = "scope:read")]

// Without this line the API calls the authorization server named above.
builder.Services.UseFakeAuthorizationServer(authorizationServer);
builder.Services.AddCallReport();

var app = builder.Build();

app.UseCallReport(authorizationServer); // before authentication, to measure it
app.UseAuthentication();
app.UseAuthorization();
app.MapControllers();
app.MapHealthChecks("/health", HealthResponse.Options);
app.MapOAuthIntrospectionDiagnostics(); // /_introspection

// The page and the endpoints behind its buttons. A real API has neither.
app.UseFileServer();
app.MapDemo(authorizationServer);

await app.StartAsync();
app.PrintGuide(authorizationServer);
await app.WaitForShutdownAsync();
