using IntrospectionAuth.Mcp.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp.Tests;

/// <summary>A server whose tools would not be authorized as it says does not start, and the message says what to change.</summary>
public sealed class StartupTests
{
    [Fact]
    public async Task Without_RequireToolAuthorization_the_start_says_to_call_it()
    {
        string message = await FailAsync(new() { Endpoints = static app => app.MapMcp("/mcp").RequireAuthorization() });

        Assert.EndsWith("Call app.MapMcp().RequireToolAuthorization().", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_AddToolAuthorization_the_start_says_to_call_it()
    {
        string message = await FailAsync(
            new() { Server = static server => McpApiSetup.AddPrimitives(server.WithHttpTransport()).AddAuthorizationFilters() }
        );

        Assert.EndsWith("Call builder.Services.AddMcpServer().AddToolAuthorization().", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_with_a_policy_that_does_not_exist_stops_the_start()
    {
        string message = await FailAsync(
            new()
            {
                Server = static server =>
                    server
                        .WithHttpTransport()
                        .WithTools([McpServerTool.Create([Authorize(Policy = "notes:write")] () => "", new() { Name = "add" })])
                        .AddToolAuthorization(),
            }
        );

        Assert.StartsWith("The policy of \"add\" does not exist. ", message, StringComparison.Ordinal);
        Assert.Contains("'notes:write'", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_calls_may_be_repeated_and_come_in_any_order()
    {
        await using McpApi api = await McpApi.StartAsync(
            new()
            {
                Server = static server =>
                    McpApiSetup.AddPrimitives(server.AddToolAuthorization().AddToolAuthorization().WithHttpTransport()),
                Endpoints = static app =>
                    app.MapMcp("/mcp").RequireToolAuthorization().RequireToolAuthorization().RequireAuthorization("scope:notes:read"),
            }
        );

        (await api.CallAsync(api.Issue("notes:read"), "add")).AssertLacks("notes:read notes:write");
        (await api.CallAsync(api.Issue("notes:read", "notes:write"), "add")).AssertRan("did add");
        Assert.Equal(5, (await api.PostAsync(api.Issue("notes:read"), Messages.Request("tools/list"))).Names("tools").Length);
    }

    private static async Task<string> FailAsync(McpApiSetup setup) =>
        (await Assert.ThrowsAsync<InvalidOperationException>(() => McpApi.StartAsync(setup))).Message;
}
