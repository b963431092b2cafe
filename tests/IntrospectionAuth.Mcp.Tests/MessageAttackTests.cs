using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using IntrospectionAuth.Mcp.Tests.Hosting;

namespace IntrospectionAuth.Mcp.Tests;

/// <summary>Attacks: a caller with <c>notes:read</c> alone tries to run the tool <c>add</c>, which requires <c>notes:write</c>.</summary>
public sealed class MessageAttackTests
{
    // The SDK ignores notifications of this method, and rejects duplicate members of params within its response.
    private static readonly string[] s_neverRun = ["a notification", "duplicate name, the tool last", "duplicate name, one escaped"];

    /// <summary>A body, and what the SDK makes of it: the tool that runs, or none.</summary>
    public static TheoryData<string, string, int, string?> Bodies =>
        new()
        {
            { "duplicate method, the call last", """@start"method":"ping","method":"tools/call","params":@add}""", 403, null },
            { "duplicate method, the call first", """@start"method":"tools/call","method":"ping","params":@add}""", 200, null },
            { "duplicate params, the tool last", """@start"method":"tools/call","params":@list,"params":@add}""", 403, null },
            { "duplicate params, the tool first", """@start"method":"tools/call","params":@add,"params":@list}""", 200, "list" },
            {
                "duplicate name, the tool last",
                """@start"method":"tools/call","params":{"name":"list","name":"add",@arguments}}""",
                403,
                null
            },
            {
                "duplicate name, the tool first",
                """@start"method":"tools/call","params":{"name":"add","name":"list",@arguments}}""",
                200,
                null
            },
            {
                "duplicate name, one escaped",
                """@start"method":"tools/call","params":{"name":"list","\u006eame":"add",@arguments}}""",
                403,
                null
            },
            {
                "escaped names and values",
                """@start"m\u0065thod":"tools\/\u0063all","p\u0061rams":{"n\u0061me":"\u0061dd",@arguments}}""",
                403,
                null
            },
            { "the member Name after name", """@start"method":"tools/call","params":{"name":"list","Name":"add"}}""", 200, "list" },
            { "the member NAME alone", """@start"method":"tools/call","params":{"NAME":"add"}}""", 200, null },
            { "the member Method alone", """@start"Method":"tools/call","params":@add}""", 400, null },
            { "the method in another case", """@start"method":"Tools/Call","params":@add}""", 200, null },
            { "the tool in another case", """@start"method":"tools/call","params":{"name":"ADD"}}""", 200, null },
            { "the tool and a space", """@start"method":"tools/call","params":{"name":"add "}}""", 200, null },
            { "the tool and a null character", """@start"method":"tools/call","params":{"name":"add\u0000"}}""", 200, null },
            { "a tool that is not registered", """@start"method":"tools/call","params":{"name":"none"}}""", 200, null },
            { "no name", """@start"method":"tools/call","params":{}}""", 200, null },
            { "no params", """@start"method":"tools/call"}""", 200, null },
            { "params are an array", """@start"method":"tools/call","params":["add"]}""", 200, null },
            { "the name is an array", """@start"method":"tools/call","params":{"name":["add"]}}""", 200, null },
            { "a batch", """[@start"method":"tools/call","params":@add}]""", 400, null },
            { "a batch behind a harmless message", """[@start"method":"ping"},@start"method":"tools/call","params":@add}]""", 400, null },
            { "two messages", """@start"method":"ping"}@start"method":"tools/call","params":@add}""", 400, null },
            { "a notification", """{"jsonrpc":"2.0","method":"tools/call","params":@add}""", 403, null },
            { "the id null", """{"jsonrpc":"2.0","id":null,"method":"tools/call","params":@add}""", 400, null },
            { "an id that is text", """{"jsonrpc":"2.0","id":"1","method":"tools/call","params":@add}""", 403, null },
            { "a response and a request in one", """@start"result":{},"method":"tools/call","params":@add}""", 403, null },
            { "the members in another order", """{"params":@add,"method":"tools/call","id":1,"jsonrpc":"2.0"}""", 403, null },
            {
                "a member that is none of JSON-RPC",
                """{"x":[{"method":"ping"}],"jsonrpc":"2.0","id":1,"method":"tools/call","params":@add}""",
                400,
                null
            },
            { "a task", """@start"method":"tools/call","params":{"name":"add","task":{"ttl":60000},@arguments}}""", 403, null },
            { "comments", """@start/* */"method":"tools/call","params":@add}""", 400, null },
            { "a trailing comma", """@start"method":"tools/call","params":@add,}""", 400, null },
            { "no JSON", "method=tools/call&name=add", 400, null },
            { "the literal null", "null", 400, null },
            { "an empty body", "", 400, null },
            {
                "nesting deeper than a reader allows",
                """@start"method":"tools/call","params":{"name":"add","arguments":{"text":@deep}}}""",
                400,
                null
            },
        };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_does_not_run_the_tool(string attack, string body, int status, string? runs)
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.PostAsync(api.Issue("notes:read"), Expand(body));

        Assert.Equal(runs is null ? [] : [runs], api.Invocations.Names);
        Assert.True(status == response.Status, $"{attack}: {response}");
        if (status == 403)
            response.AssertLacks("notes:read notes:write");
    }

    /// <summary>The bodies that are rejected with 403 are calls: with the scope, those that the SDK accepts run the tool.</summary>
    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task With_the_scope_the_same_body_runs_what_the_gate_saw(string attack, string body, int status, string? runs)
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.PostAsync(api.Issue("notes:read", "notes:write"), Expand(body));

        bool isCall = status == 403 && !s_neverRun.Contains(attack);
        Assert.Equal(
            isCall ? ["add"]
                : runs is null ? []
                : [runs],
            api.Invocations.Names
        );
        Assert.Equal(status == 400, response.Status == 400);
    }

    [Theory]
    [InlineData("utf-16", "utf-16")]
    [InlineData("utf-16", "utf-16BE")]
    [InlineData("utf-8", "UTF-8")]
    [InlineData("iso-8859-1", "iso-8859-1")]
    public async Task An_encoding_does_not_run_the_tool(string name, string encoding)
    {
        await using McpApi api = await McpApi.StartAsync();
        ByteArrayContent content = Content(
            Encoding.GetEncoding(encoding).GetBytes(Messages.Call("add")),
            $"application/json; charset={name}"
        );

        McpResponse response = await api.PostAsync(api.Issue("notes:read"), content);

        Assert.Empty(api.Invocations.Names);
        Assert.True(response.Status is 400 or 403, $"{response}");
    }

    [Fact]
    public async Task A_byte_order_mark_does_not_run_the_tool()
    {
        await using McpApi api = await McpApi.StartAsync();
        byte[] body = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Messages.Call("add"))];

        McpResponse response = await api.PostAsync(api.Issue("notes:read"), Content(body, "application/json"));

        Assert.Empty(api.Invocations.Names);
        Assert.True(response.Status is 400 or 403, $"{response}");
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/json-rpc", 415)]
    [InlineData("application/vnd.example+json", 403)] // JSON to ASP.NET Core and to the SDK
    [InlineData("application/json; charset=none-such", 500)] // the SDK does not catch what ASP.NET Core throws
    [InlineData("APPLICATION/JSON", 403)]
    public async Task A_content_type_does_not_run_the_tool(string type, int status)
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.PostAsync(api.Issue("notes:read"), Content(Encoding.UTF8.GetBytes(Messages.Call("add")), type));

        Assert.Empty(api.Invocations.Names);
        Assert.Equal(status, response.Status);
    }

    [Fact]
    public async Task A_request_without_a_content_type_does_not_run_the_tool()
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.PostAsync(
            api.Issue("notes:read"),
            new ByteArrayContent(Encoding.UTF8.GetBytes(Messages.Call("add")))
        );

        Assert.Empty(api.Invocations.Names);
        Assert.NotEqual(200, response.Status);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Headers_that_name_another_method_and_tool_do_not_run_the_tool(string version)
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.PostAsync(
            api.Issue("notes:read"),
            Content(Encoding.UTF8.GetBytes(Messages.Call("add")), "application/json"),
            headers =>
            {
                headers.Add("MCP-Protocol-Version", version);
                headers.Add("Mcp-Method", "tools/list");
                headers.Add("Mcp-Name", "list");
                headers.Add("X-HTTP-Method-Override", "GET");
            }
        );

        response.AssertLacks("notes:read notes:write");
        Assert.Empty(api.Invocations.Names);
    }

    [Fact]
    public async Task A_query_that_names_another_tool_does_not_run_the_tool()
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.PostAsync(
            api.Issue("notes:read"),
            Content(Encoding.UTF8.GetBytes(Messages.Call("add")), "application/json"),
            path: "/MCP/?method=tools/call&name=list"
        );

        response.AssertLacks("notes:read notes:write");
    }

    [Fact]
    public async Task A_body_that_arrives_in_single_bytes_does_not_run_the_tool()
    {
        await using McpApi api = await McpApi.StartAsync();
        string body = string.Concat(Messages.Call("add").Select(static c => $"1\r\n{c}\r\n")) + "0\r\n\r\n";

        string response = await SendRawAsync(api, "Transfer-Encoding: chunked", body, isComplete: true);

        Assert.StartsWith("HTTP/1.1 403 ", response, StringComparison.Ordinal);
        Assert.Empty(api.Invocations.Names);
    }

    [Fact]
    public async Task A_body_that_breaks_off_does_not_run_the_tool()
    {
        await using McpApi api = await McpApi.StartAsync();
        string body = Messages.Call("list");

        await SendRawAsync(api, $"Content-Length: {body.Length + 1}", body, isComplete: false);

        (await api.CallAsync(api.Issue("notes:read"), "add")).AssertLacks("notes:read notes:write");
        Assert.Empty(api.Invocations.Names);
    }

    private static string Expand(string body) =>
        body.Replace("@start", "{\"jsonrpc\":\"2.0\",\"id\":1,", StringComparison.Ordinal)
            .Replace("@add", "{\"name\":\"add\",@arguments}", StringComparison.Ordinal)
            .Replace("@list", "{\"name\":\"list\",@arguments}", StringComparison.Ordinal)
            .Replace("@arguments", "\"arguments\":{}", StringComparison.Ordinal)
            .Replace("@deep", new string('[', 100) + new string(']', 100), StringComparison.Ordinal);

    /// <summary>Sends a request, and reads what the server sends before it closes the connection.</summary>
    private static async Task<string> SendRawAsync(McpApi api, string header, string body, bool isComplete)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port);
        NetworkStream stream = socket.GetStream();
        string request =
            $"POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {api.Issue("notes:read")}\r\n"
            + $"Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\n{header}\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        if (!isComplete)
            socket.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        try
        {
            return await reader.ReadToEndAsync();
        }
        catch (IOException) when (!isComplete)
        {
            return ""; // the server resets a connection that breaks off
        }
    }

    private static ByteArrayContent Content(byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }
}
