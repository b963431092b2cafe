using System.Text;
using IntrospectionAuth.Mcp.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace IntrospectionAuth.Mcp.Tests;

/// <summary>Attacks on a server with sessions: what one token began must give nothing to another.</summary>
public sealed class SessionAttackTests
{
    [Fact]
    public async Task A_session_of_a_larger_token_does_not_run_the_tool_for_a_smaller_one()
    {
        await using McpApi api = await StartAsync();
        string session = await OpenAsync(api, api.Issue("notes:read", "notes:write"));

        (await CallAsync(api, api.Issue("notes:read"), session, "add")).AssertLacks("notes:read notes:write");

        Assert.Empty(api.Invocations.Names);
    }

    [Fact]
    public async Task A_session_of_a_smaller_token_runs_the_tool_after_the_step_up()
    {
        await using McpApi api = await StartAsync();
        string session = await OpenAsync(api, api.Issue("notes:read"));

        (await CallAsync(api, api.Issue("notes:read", "notes:write"), session, "add")).AssertRan("did add");
    }

    [Fact]
    public async Task The_session_of_another_user_is_refused()
    {
        await using McpApi api = await StartAsync();
        string session = await OpenAsync(api, api.Issue("notes:read"));

        McpResponse response = await CallAsync(
            api,
            api.Issue(token => token.Subject = "mallory", "notes:read", "notes:write"),
            session,
            "add"
        );

        Assert.Equal(403, response.Status);
        Assert.Empty(api.Invocations.Names);
    }

    [Fact]
    public async Task A_session_does_not_replace_the_token()
    {
        await using McpApi api = await StartAsync();
        string session = await OpenAsync(api, api.Issue("notes:read", "notes:write"));

        Assert.Equal(401, (await CallAsync(api, token: null, session, "add")).Status);
        Assert.Equal(401, (await api.SendAsync(HttpMethod.Get, token: null, headers: it => it.Add("Mcp-Session-Id", session))).Status);
        Assert.Equal(401, (await api.SendAsync(HttpMethod.Delete, token: null, headers: it => it.Add("Mcp-Session-Id", session))).Status);
        Assert.Empty(api.Invocations.Names);
    }

    [Fact]
    public async Task A_token_that_is_revoked_ends_the_session_with_401()
    {
        await using McpApi api = await StartAsync();
        string token = api.Issue("notes:read", "notes:write");
        string session = await OpenAsync(api, token);
        api.Server.Revoke(token);

        Assert.Equal(401, (await CallAsync(api, token, session, "add")).Status);
        Assert.Empty(api.Invocations.Names);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task A_call_in_the_body_of_another_method_does_not_run_the_tool(string method)
    {
        await using McpApi api = await StartAsync();

        McpResponse response = await api.SendAsync(
            new HttpMethod(method),
            api.Issue("notes:read"),
            new StringContent(Messages.Call("add"), Encoding.UTF8, "application/json")
        );

        Assert.NotEqual(500, response.Status);
        Assert.Empty(api.Invocations.Names);
    }

    [Fact]
    public async Task With_a_store_of_events_which_begins_the_response_early_the_call_still_gets_403()
    {
        await using McpApi api = await StartAsync(static services =>
        {
            services.AddDistributedMemoryCache();
#pragma warning disable MCP9006 // for older clients only, which is what this test is about
            services.AddMcpServer().WithDistributedCacheEventStreamStore();
#pragma warning restore MCP9006
        });
        string token = api.Issue("notes:read");
        string session = await OpenAsync(api, token);

        (await CallAsync(api, token, session, "add")).AssertLacks("notes:read notes:write");
        (await CallAsync(api, token, session, "list")).AssertRan("did list");
    }

    [Fact]
    public async Task The_older_transport_with_a_message_endpoint_does_not_run_the_tool()
    {
#pragma warning disable MCP9004 // deprecated, and still to be attacked
        await using McpApi api = await StartAsync(configure: static transport => transport.EnableLegacySse = true);
#pragma warning restore MCP9004
        string token = api.Issue("notes:read");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp/sse");
        request.Headers.Authorization = new("Bearer", token);
        using HttpResponseMessage stream = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        string? line;
        while ((line = await reader.ReadLineAsync()) is not null && !line.StartsWith("data: ", StringComparison.Ordinal)) { }
        string path = line!["data: ".Length..];

        McpResponse response = await api.PostAsync(
            token,
            new StringContent(Messages.Call("add"), Encoding.UTF8, "application/json"),
            path: path.StartsWith('/') ? path : "/mcp/" + path
        );

        response.AssertLacks("notes:read notes:write");
        Assert.Empty(api.Invocations.Names);
    }

    /// <summary>Such a tool is unknown before the MCP server has begun, so its policy is enforced without a status of its own.</summary>
    [Fact]
    public async Task A_tool_that_is_added_for_one_session_is_denied_within_the_response()
    {
        await using McpApi api = await McpApi.StartAsync(
            new()
            {
                Server = server =>
                    McpApiSetup
                        .AddPrimitives(
                            server.WithHttpTransport(static transport =>
                                transport.ConfigureSessionOptions = static (context, options, _) =>
                                {
                                    var invocations = context.RequestServices.GetRequiredService<Invocations>();
                                    options.ToolCollection!.Add(
                                        McpServerTool.Create(
                                            [Authorize(Policy = "scope:notes:write")]
                                            () => invocations.Add("own"),
                                            new() { Name = "own" }
                                        )
                                    );
                                    return Task.CompletedTask;
                                }
                            )
                        )
                        .AddToolAuthorization(),
            }
        );

        McpResponse response = await api.CallAsync(api.Issue("notes:read"), "own");

        Assert.Equal((200, -32600), (response.Status, response.ErrorCode));
        Assert.Empty(api.Invocations.Names);
    }

    /// <summary>The filters of the SDK protect the tool even if a message passes the endpoint.</summary>
    [Fact]
    public async Task On_an_endpoint_without_RequireToolAuthorization_the_tool_still_does_not_run()
    {
        await using McpApi api = await McpApi.StartAsync(
            new()
            {
                Endpoints = static app =>
                {
                    app.MapMcp("/mcp").RequireAuthorization("scope:notes:read");
                    app.MapMcp("/other").RequireToolAuthorization();
                },
            }
        );

        McpResponse response = await api.CallAsync(api.Issue("notes:read"), "add");

        Assert.Equal((200, -32600), (response.Status, response.ErrorCode));
        Assert.Empty(api.Invocations.Names);
    }

    private static Task<McpApi> StartAsync(
        Action<IServiceCollection>? services = null,
        Action<HttpServerTransportOptions>? configure = null
    ) =>
        McpApi.StartAsync(
            new()
            {
                Server = server =>
                {
                    McpApiSetup
                        .AddPrimitives(
                            server.WithHttpTransport(transport =>
                            {
                                transport.SessionMode = HttpServerSessionMode.StatefulForInitializeClients;
                                configure?.Invoke(transport);
                            })
                        )
                        .AddToolAuthorization();
                    services?.Invoke(server.Services);
                },
            }
        );

    private static async Task<string> OpenAsync(McpApi api, string token)
    {
        McpResponse response = await api.PostAsync(token, Messages.Initialize);
        Assert.True(response.Status == 200, response.Body);
        return response.Session!;
    }

    private static Task<McpResponse> CallAsync(McpApi api, string? token, string session, string tool) =>
        api.PostAsync(
            token,
            new StringContent(Messages.Call(tool), Encoding.UTF8, "application/json"),
            headers =>
            {
                headers.Add("Mcp-Session-Id", session);
                headers.Add("MCP-Protocol-Version", "2025-11-25");
            }
        );
}
