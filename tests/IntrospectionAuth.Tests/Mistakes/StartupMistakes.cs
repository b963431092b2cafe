using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Mistakes;

/// <summary>Mistakes that are known before the first request.</summary>
internal static class StartupMistakes
{
    private const string Endpoint = "IntrospectionEndpoint";

    public static IEnumerable<Mistake> All => [.. Settings, .. Endpoints];

    private static Mistake[] Settings =>
        [
            new("no settings at all", "Authentication:Schemes:OAuthIntrospection")
            {
                Settings = Remove(Endpoint, "ClientId", "ClientSecret"),
            },
            new("no ClientSecret", "ClientSecret") { Settings = Remove("ClientSecret") },
            new("no ClientId", "ClientId") { Settings = Remove("ClientId") },
            new("Audience instead of Audiences", "Audiences") { Settings = { ["Audience"] = "https://api.example.com" } },
            new("plain http to another host", "RequireHttps") { Settings = { [Endpoint] = "http://keycloak:8080/introspect" } },
            new("an endpoint without a host", Endpoint) { Settings = { [Endpoint] = "/introspect" } },
            new("Timeout with a unit", "Timeout") { Settings = { ["Timeout"] = "30s" } },
            new("MaximumAge in milliseconds", "00:05:00") { Settings = { ["Cache:MaximumAge"] = "300000" } },
            new("24 hours as 24:00:00", "1.00:00:00") { Settings = { ["Cache:MaximumAge"] = "24:00:00" } },
            new("an unknown client authentication method", "client_secret_basic")
            {
                Settings = { ["ClientAuthenticationMethod"] = "basic" },
            },
            new("private_key_jwt without a key", "SigningKeyPath")
            {
                Settings = { ["ClientAuthenticationMethod"] = "private_key_jwt", ["ClientSecret"] = null },
            },
            new("a key file that does not exist", "SigningKeyPath")
            {
                Settings =
                {
                    ["ClientAuthenticationMethod"] = "private_key_jwt",
                    ["ClientSecret"] = null,
                    ["SigningKeyPath"] = "/no-such-directory/key.pem",
                },
            },
            new("a certificate that is never presented", "ClientAuthenticationMethod")
            {
                Settings = { ["CertificatePath"] = "client.pfx" },
            },
            new("signed responses without Authority", "Authority") { Settings = { ["RequireSignedResponse"] = "true" } },
            new("ResourceMetadata without Resource", "Set Resource") { Settings = { ["ResourceMetadata:ResourceName"] = "API" } },
            new("a prefix that includes Bearer", "without Bearer") { Settings = { ["TokenFilter:Prefixes:0"] = "Bearer abc" } },
            new("Resource without Audiences", "Set Audiences") { Settings = { ["Resource"] = "https://api.example.com" } },
            new("Resource without an authorization server", "ResourceMetadata.AuthorizationServers")
            {
                Settings = { ["Resource"] = "https://api.example.com" },
            },
            new("Resource without its metadata", "MapProtectedResourceMetadata")
            {
                Settings = { ["Resource"] = "https://api.example.com" },
            },
        ];

    private static Mistake[] Endpoints =>
        [
            new("[Authorize(\"read\")] for a scope", "\"scope:read\"")
            {
                App = static app => app.MapGet("/it", [Authorize("read")] () => ""),
            },
            new("Scope:read", "\"scope:read\"") { App = static app => app.MapGet("/it", () => "").RequireAuthorization("Scope:read") },
            new("scope: without a scope", "Name the scope")
            {
                App = static app => app.MapGet("/it", () => "").RequireAuthorization("scope:"),
            },
            new("scope:read,write", "\"read write\"")
            {
                App = static app => app.MapGet("/it", () => "").RequireAuthorization("scope:read,write"),
            },
            new("RequireScope(\"scope:read\")", "RequireScope(\"read\")")
            {
                App = static app => app.MapGet("/it", () => "").RequireScope("scope:read"),
            },
            new("Roles instead of Policy", "Policy = \"scope:read\"")
            {
                App = static app => app.MapGet("/it", [Authorize(Roles = "scope:read")] () => ""),
            },
            new("AddAuthentication(\"Bearer\")", "AddAuthentication(\"OAuthIntrospection\")") { DefaultScheme = "Bearer" },
            new("two schemes and no default", "AddBearerSelector")
            {
                Schemes = static schemes =>
                    schemes
                        .AddOAuthIntrospection()
                        .AddOAuthIntrospection(
                            "other",
                            options =>
                            {
                                options.IntrospectionEndpoint = "https://other.example.com/introspect";
                                options.ClientId = "api";
                                options.ClientSecret = "another-secret-of-the-api";
                            }
                        ),
            },
            new("AuthenticationSchemes = \"Bearer\"", "AuthenticationSchemes")
            {
                App = static app => app.MapGet("/it", [Authorize(AuthenticationSchemes = "Bearer")] () => ""),
            },
            new("a tenant of another route value", "{workspaceId}")
            {
                App = static app => app.MapGet("/w/{id}", () => "").RequireTenant("workspace_id", routeValue: "workspaceId"),
            },
            new("RequireFreshToken in an anonymous group", "AllowAnonymous")
            {
                App = static app => app.MapGroup("/g").AllowAnonymous().MapGet("/it", () => "").RequireFreshToken(TimeSpan.Zero),
            },
            new("MapBackChannelLogout without Authority", "Authority") { App = static app => app.MapBackChannelLogout() },
            new("MapWorkOSWebhook with an empty secret", "Set the signing secret") { App = static app => app.MapWorkOSWebhook("") },
            new("UseRouting after UseAuthorization", "app.UseAuthorization()")
            {
                App = static app => app.UseAuthentication().UseAuthorization().UseRouting(),
                Behavior = static _ => { },
            },
        ];

    private static Dictionary<string, string?> Remove(params string[] names) =>
        names.ToDictionary(static name => name, static _ => default(string));
}
