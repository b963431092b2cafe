using IntrospectionAuth.Testing;
using Quickstart.Demo;

// The authorization server: a real one on a loopback port, inside this process, so that everything runs offline.
await using var authorizationServer = await FakeAuthorizationServer.ListenAsync();

// The API. appsettings.json, beside this program, makes its cache and its patience short enough to watch.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
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

// Without this line the API asks the authorization server that is named above.
builder.Services.UseFakeAuthorizationServer(authorizationServer);
builder.Services.AddCallReport();

var app = builder.Build();

app.UseCallReport(authorizationServer); // before authentication, to see what it costs
app.UseAuthentication();
app.UseAuthorization();
app.MapControllers();
app.MapHealthChecks("/health", HealthResponse.Options);

// The page, and the buttons on it that no API would have.
app.UseFileServer();
app.MapDemo(authorizationServer);

await app.StartAsync();
app.PrintGuide(authorizationServer);
await app.WaitForShutdownAsync();
