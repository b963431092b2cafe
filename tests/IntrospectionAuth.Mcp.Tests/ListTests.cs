using IntrospectionAuth.Mcp.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp.Tests;

/// <summary>Lists keep what a token with other scopes could use, and hide what no scope makes usable.</summary>
public sealed class ListTests
{
    private static readonly string[] s_forUsers = ["list", "add", "purge", "help", "token"];

    [Fact]
    public async Task A_list_keeps_tools_for_which_a_scope_is_missing_and_hides_those_for_which_a_role_is()
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.PostAsync(api.Issue("notes:read"), Messages.Request("tools/list"));

        Assert.Equal(s_forUsers, response.Names("tools"));
    }

    [Fact]
    public async Task A_caller_with_the_role_sees_every_tool_in_the_order_of_the_server()
    {
        await using McpApi api = await McpApi.StartAsync();
        string token = api.Issue(it => it.Members["roles"] = "auditor", "notes:read");

        McpResponse response = await api.PostAsync(token, Messages.Request("tools/list"));

        Assert.Equal(["list", "add", "purge", "audit", "approve", "help", "token"], response.Names("tools"));
    }

    [Theory]
    [InlineData("prompts/list", "prompts", "draft")]
    [InlineData("resources/list", "resources", "secret")]
    [InlineData("resources/templates/list", "resourceTemplates", "note")]
    public async Task Lists_of_prompts_and_resources_keep_those_for_which_a_scope_is_missing(string method, string list, string name)
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.PostAsync(api.Issue("notes:read"), Messages.Request(method));

        Assert.Equal([name], response.Names(list));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddAuthorizationFilters_as_well_hides_tools_for_which_a_scope_is_missing(bool before)
    {
        await using McpApi api = await McpApi.StartAsync(
            new()
            {
                Server = server =>
                {
                    McpApiSetup.AddPrimitives(server.WithHttpTransport());
                    if (before)
                        server.AddAuthorizationFilters().AddToolAuthorization();
                    else
                        server.AddToolAuthorization().AddAuthorizationFilters();
                },
            }
        );

        McpResponse response = await api.PostAsync(api.Issue("notes:read"), Messages.Request("tools/list"));

        Assert.Equal(["list", "help", "token"], response.Names("tools"));
        (await api.CallAsync(api.Issue("notes:read"), "add")).AssertLacks("notes:read notes:write");
    }

    [Fact]
    public async Task An_anonymous_caller_sees_only_tools_without_a_policy()
    {
        await using McpApi api = await McpApi.StartAsync(new() { Endpoints = static app => app.MapMcp("/mcp").RequireToolAuthorization() });

        McpResponse response = await api.PostAsync(token: null, Messages.Request("tools/list"));

        Assert.Equal(["list", "help", "token"], response.Names("tools"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tool_that_a_filter_of_the_application_hides_stays_hidden(bool before)
    {
        await using McpApi api = await McpApi.StartAsync(
            new()
            {
                Server = server =>
                {
                    McpApiSetup.AddPrimitives(server.WithHttpTransport());
                    if (before)
                        HideAdd(server);
                    server.AddToolAuthorization();
                    if (!before)
                        HideAdd(server);
                },
            }
        );

        McpResponse response = await api.PostAsync(api.Issue("notes:read"), Messages.Request("tools/list"));

        Assert.Equal(s_forUsers.Except(["add"]), response.Names("tools"));
    }

    private static void HideAdd(IMcpServerBuilder server) =>
        server.Services.Configure<McpServerOptions>(static options =>
            options.Filters.Request.ListToolsFilters.Add(next =>
                async (request, cancellationToken) =>
                {
                    var result = await next(request, cancellationToken);
                    result.Tools.Remove(result.Tools.Single(static tool => tool.Name == "add"));
                    return result;
                }
            )
        );
}
