using System.Security.Claims;
using Api;
using IntrospectionAuth;

// A protected resource that is set by configuration alone: Authentication:Schemes:OAuthIntrospection, in appsettings.json or in
// environment variables.
var builder = WebApplication.CreateBuilder(args);

builder.Services.AddAuthentication().AddOAuthIntrospection();
builder.Services.AddAuthorization();
builder.Services.AddHealthChecks().AddOAuthIntrospection();
builder.Services.AddControllers(); // AdminController: [RequireScope("admin")]

// Many nodes share responses and removals through Redis, if it is configured. Otherwise its client is not loaded.
if (builder.Configuration["Authentication:Schemes:OAuthIntrospection:SharedCache:Redis"] is not null)
    AddRedis(builder.Services);

// Tokens may be bound to the client's certificate. Kestrel requests it if Kestrel:EndpointDefaults:ClientCertificateMode is
// AllowCertificate. Any certificate is allowed here, because the handler compares it with the one that the token names.
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.AllowAnyClientCertificate()));

// Behind a proxy that terminates TLS, the certificate comes in a header that the proxy must set or remove on every request.
string? certificateHeader = builder.Configuration["CertificateForwarding:CertificateHeader"];
if (certificateHeader is not null)
    builder.Services.AddCertificateForwarding(options => options.CertificateHeader = certificateHeader);

// Security events of a transmitter are pushed to /security-events if SecurityEvents:Audience is set, or polled from PollEndpoint.
IConfigurationSection securityEvents = builder.Configuration.GetSection("SecurityEvents");
void SetTransmitter(SecurityEventOptions options)
{
    options.Audiences.Add(securityEvents["Audience"] ?? "");
    options.Issuer = securityEvents["Issuer"]; // not set: the scheme's Authority
    options.KeysUrl = securityEvents["KeysUrl"];
}

if (securityEvents["PollEndpoint"] is { Length: > 0 } pollEndpoint)
{
    builder.Services.AddSecurityEventPoller(options =>
    {
        SetTransmitter(options);
        options.Endpoint = pollEndpoint;
        options.Authorization = securityEvents["Authorization"];
    });
}

var app = builder.Build();

if (certificateHeader is not null)
    app.UseCertificateForwarding();
app.UseAuthentication();
app.UseAuthorization();

app.MapGet("/public", () => "Anybody may read this.");

app.MapGet("/me", (ClaimsPrincipal user) => new
{
    claims = user.Claims.Select(claim => new { claim.Type, claim.Value, claim.ValueType, claim.Issuer }),
}).RequireAuthorization();

app.MapGet("/read", () => "You may read.").RequireAuthorization("scope:read");

app.MapGet("/write", () => "You may write.").RequireAuthorization("scope:write");

app.MapGet("/read-write", () => "You may read and write.").RequireAuthorization("scope:read write");

// For payments, for example: every request calls the authorization server.
app.MapGet("/pay", () => "You may pay.").RequireFreshToken(TimeSpan.Zero);

// Requires a user who authenticated within the last five minutes.
app.MapGet("/transfer", () => "You may transfer.").RequireRecentAuthentication(TimeSpan.FromMinutes(5));

// Requires a token that was issued for this workspace.
app.MapGet("/workspaces/{workspaceId}", (string workspaceId) => $"This is workspace {workspaceId}.")
    .RequireTenant("workspace_id", routeValue: "workspaceId");

// Tells clients which authorization server issues tokens for this API (RFC 9728), if Resource is set.
app.MapProtectedResourceMetadata();

// Removes the tokens of users who log out at the authorization server, if its issuer and the client are set: Authority and ClientId.
IConfigurationSection scheme = app.Configuration.GetSection("Authentication:Schemes:OAuthIntrospection");
if (scheme["Authority"] is { Length: > 0 } && scheme["ClientId"] is { Length: > 0 })
    app.MapBackChannelLogout();

// Removes the tokens of users whose sessions a Shared Signals transmitter reports as revoked.
if (securityEvents["Audience"] is { Length: > 0 } && string.IsNullOrEmpty(securityEvents["PollEndpoint"]))
{
    app.MapSecurityEvents(options =>
    {
        SetTransmitter(options);
        options.Authorization = securityEvents["Authorization"];
    });
}

// Removes the tokens that WorkOS reports as revoked, if a secret is set: WorkOSWebhook:Secrets:0.
string[] webhookSecrets = [.. app.Configuration.GetSection("WorkOSWebhook:Secrets").GetChildren().Select(secret => secret.Value ?? "")];
if (webhookSecrets.Length > 0)
    app.MapWorkOSWebhook(options => Array.ForEach(webhookSecrets, options.Secrets.Add));

// Removes tokens from the cache: by token, subject, session, client, organization or workspace.
app.MapPost("/forget", ForgetEndpoint.HandleAsync).RequireAuthorization("scope:admin");

app.MapHealthChecks("/health");

// /_introspection shows why each token was accepted or refused. In Development it is open, so it is mapped only there.
if (app.Environment.IsDevelopment())
    app.MapOAuthIntrospectionDiagnostics();

app.MapControllers();

app.Run();

static void AddRedis(IServiceCollection services) => services.AddOAuthIntrospectionRedis();
