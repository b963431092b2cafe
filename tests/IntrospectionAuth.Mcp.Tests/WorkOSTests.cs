using IntrospectionAuth.Mcp.Tests.Hosting;
using IntrospectionAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp.Tests;

/// <summary>WorkOS AuthKit by configuration, as docs/mcp.md shows it. Its responses have no scope.</summary>
public sealed class WorkOSTests
{
    [Fact]
    public async Task A_client_finds_AuthKit_by_the_challenge_and_the_metadata()
    {
        await using McpApi api = await StartAsync();

        McpResponse unknown = await api.CallAsync(token: null, "list");
        McpResponse metadata = await api.SendAsync(HttpMethod.Get, token: null, path: new Uri(McpApi.Metadata).AbsolutePath);

        Assert.Equal((401, $"Bearer resource_metadata=\"{McpApi.Metadata}\""), (unknown.Status, unknown.Challenge));
        Assert.Equal(
            ["https://auth.example.com"],
            metadata.Message["authorization_servers"]!.AsArray().Select(issuer => issuer!.GetValue<string>())
        );
    }

    [Fact]
    public async Task Tools_are_protected_by_claims_and_a_tool_with_a_scope_is_denied()
    {
        await using McpApi api = await StartAsync();
        string member = api.Issue(token => token.OrganizationId = "org_01");
        string other = api.Issue(token => token.OrganizationId = "org_02");

        (await api.CallAsync(member, "list")).AssertRan("did list");
        (await api.CallAsync(member, "members")).AssertRan("for members");
        McpResponse denied = await api.CallAsync(other, "members");
        Assert.Equal((403, null), (denied.Status, denied.Challenge)); // no scope would help
        (await api.CallAsync(member, "add")).AssertLacks("notes:write");
    }

    private static Task<McpApi> StartAsync() =>
        McpApi.StartAsync(
            new()
            {
                AuthorizationServer = static options => options.Provider = FakeAuthorizationServerProvider.WorkOS,
                Settings = new(StringComparer.Ordinal)
                {
                    ["Provider"] = "WorkOS",
                    ["Authority"] = "https://auth.example.com",
                    ["ClientId"] = "client_01EXAMPLE",
                    ["ClientSecret"] = "secret",
                    ["Resource"] = McpApi.Resource,
                    ["Audiences:0"] = McpApi.Resource,
                },
                Authentication = static services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection();
                    services.AddAuthorizationBuilder().AddPolicy("members", static policy => policy.RequireClaim("org_id", "org_01"));
                },
                Server = static server =>
                    McpApiSetup
                        .AddPrimitives(server.WithHttpTransport())
                        .WithTools([McpServerTool.Create(ForMembers, new() { Name = "members" })])
                        .AddToolAuthorization(),
                Endpoints = static app =>
                {
                    app.MapMcp("/mcp").RequireAuthorization().RequireToolAuthorization();
                    app.MapProtectedResourceMetadata();
                },
            }
        );

    [Microsoft.AspNetCore.Authorization.Authorize(Policy = "members")]
    private static string ForMembers() => "for members";
}
