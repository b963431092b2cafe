using System.Text;
using IntrospectionAuth.Mcp.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp.Tests;

/// <summary>What a caller gets who may not call a tool, prompt or resource.</summary>
public sealed class ChallengeTests
{
    [Fact]
    public async Task A_call_without_the_scope_of_the_tool_gets_403_that_names_it()
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.CallAsync(api.Issue("notes:read"), "add");

        response.AssertLacks("notes:read notes:write");
        Assert.DoesNotContain("jsonrpc", response.Body, StringComparison.Ordinal);
        Assert.Empty(api.Invocations.Names);
    }

    [Fact]
    public async Task A_call_with_the_scope_runs()
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.CallAsync(api.Issue("notes:read", "notes:write"), "add");

        response.AssertRan("did add");
    }

    [Fact]
    public async Task A_tool_without_an_attribute_needs_the_scope_of_the_endpoint_alone()
    {
        await using McpApi api = await McpApi.StartAsync();

        (await api.CallAsync(api.Issue("notes:read"), "list")).AssertRan("did list");
        (await api.CallAsync(api.Issue("notes:write"), "list")).AssertLacks("notes:read");
    }

    [Fact]
    public async Task A_tool_that_allows_anonymous_callers_still_needs_the_scope_of_the_endpoint()
    {
        await using McpApi api = await McpApi.StartAsync();

        (await api.CallAsync(api.Issue("notes:read"), "help")).AssertRan("did help");
        Assert.Equal(401, (await api.CallAsync(token: null, "help")).Status);
    }

    [Fact]
    public async Task A_scope_of_the_tool_is_not_enough_without_the_scope_of_the_endpoint()
    {
        await using McpApi api = await McpApi.StartAsync();

        (await api.CallAsync(api.Issue("notes:write"), "add")).AssertLacks("notes:read");
        Assert.Empty(api.Invocations.Names);
    }

    [Fact]
    public async Task The_challenge_names_scopes_of_the_token_that_other_tools_require_and_no_others()
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.CallAsync(api.Issue("openid", "notes:purge", "notes:read"), "add");

        response.AssertLacks("notes:read notes:write notes:purge");
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("approve")] // the scope would not help, because the role is missing too
    public async Task A_caller_without_the_role_of_the_tool_gets_403(string tool)
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.CallAsync(api.Issue("notes:read"), tool);

        Assert.Equal(403, response.Status);
        Assert.Equal(tool == "audit", response.Challenge is null);
        Assert.Empty(api.Invocations.Names);
    }

    [Fact]
    public async Task A_call_without_a_token_gets_401_that_names_the_scope_of_the_endpoint()
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.CallAsync(token: null, "add");

        Assert.Equal((401, $"Bearer scope=\"notes:read\", resource_metadata=\"{McpApi.Metadata}\""), (response.Status, response.Challenge));
    }

    [Fact]
    public async Task On_an_endpoint_without_a_policy_a_tool_with_a_scope_challenges_by_itself()
    {
        await using McpApi api = await McpApi.StartAsync(new() { Endpoints = static app => app.MapMcp("/mcp").RequireToolAuthorization() });

        McpResponse anonymous = await api.CallAsync(token: null, "add");

        Assert.Equal(401, anonymous.Status);
        Assert.StartsWith("Bearer scope=\"notes:write\"", anonymous.Challenge, StringComparison.Ordinal);
        (await api.CallAsync(token: null, "list")).AssertRan("did list");
        (await api.CallAsync(api.Issue("notes:read"), "add")).AssertLacks("notes:write");
    }

    [Fact]
    public async Task An_outage_of_the_authorization_server_is_503_and_never_401()
    {
        await using McpApi api = await McpApi.StartAsync();
        string token = api.Issue("notes:read");
        api.Server.RespondWith(500);

        foreach (string tool in (string[])["list", "add"])
        {
            McpResponse response = await api.CallAsync(token, tool);
            Assert.Equal((503, null), (response.Status, response.Challenge));
            Assert.NotNull(response.RetryAfter);
        }
    }

    [Theory]
    [InlineData("prompts/get", """{"name":"draft"}""", "notes:write", "draft")]
    [InlineData("resources/read", """{"uri":"notes://secret"}""", "notes:secret", "secret")]
    [InlineData("resources/read", """{"uri":"notes://by-id/7"}""", "notes:secret", "note 7")]
    public async Task Prompts_and_resources_are_protected_as_tools_are(string method, string parameters, string scope, string name)
    {
        await using McpApi api = await McpApi.StartAsync();
        string message = Messages.Request(method, parameters);

        (await api.PostAsync(api.Issue("notes:read"), message)).AssertLacks("notes:read " + scope);
        Assert.Empty(api.Invocations.Names);

        McpResponse allowed = await api.PostAsync(api.Issue("notes:read", scope), message);
        Assert.True(allowed.Status == 200, allowed.Body);
        Assert.Equal([name], api.Invocations.Names);
    }

    /// <summary>They depend on the endpoint, so they belong there.</summary>
    [Theory]
    [InlineData("fresh")]
    [InlineData("tenant")]
    public async Task A_tool_that_requires_a_fresh_token_or_a_tenant_does_not_run(string tool)
    {
        await using McpApi api = await McpApi.StartAsync(
            new()
            {
                Server = static server =>
                    server
                        .WithHttpTransport()
                        .WithTools([
                            McpServerTool.Create([RequireFreshToken(60)] () => "ran", new() { Name = "fresh" }),
                            McpServerTool.Create([RequireTenant("sub", header: "X-User")] () => "ran", new() { Name = "tenant" }),
                        ])
                        .AddToolAuthorization(),
            }
        );

        McpResponse response = await api.PostAsync(
            api.Issue("notes:read"),
            new StringContent(Messages.Call(tool), Encoding.UTF8, "application/json"),
            headers => headers.Add("X-User", "user-1")
        );

        Assert.DoesNotContain("ran", response.Body, StringComparison.Ordinal);
        Assert.True(response.Status == 403 || response.ErrorCode == -32600, $"{response}");
    }
}
