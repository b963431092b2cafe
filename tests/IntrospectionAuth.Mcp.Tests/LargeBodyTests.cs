using System.Net.Sockets;
using System.Text;
using IntrospectionAuth.Mcp.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;

namespace IntrospectionAuth.Mcp.Tests;

/// <summary>Bodies of any size are either read whole or rejected.</summary>
public sealed class LargeBodyTests
{
    [Theory]
    [InlineData(1_000)]
    [InlineData(5_000_000)]
    public async Task A_call_in_a_large_body_is_rejected_and_runs_with_the_scope(int size)
    {
        await using McpApi api = await McpApi.StartAsync();
        string message = Call("add", size);

        (await api.PostAsync(api.Issue("notes:read"), message)).AssertLacks("notes:read notes:write");
        Assert.Empty(api.Invocations.Names);

        McpResponse allowed = await api.PostAsync(api.Issue("notes:read", "notes:write"), message);
        Assert.Equal(200, allowed.Status);
        Assert.Equal("add".Length + size, Assert.Single(api.Invocations.Names).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_of_the_endpoint_is_413(bool isChunked)
    {
        await using McpApi api = await McpApi.StartAsync(
            new()
            {
                Endpoints = static app =>
                    app.MapMcp("/mcp")
                        .RequireAuthorization()
                        .RequireToolAuthorization()
                        .WithMetadata(new RequestSizeLimitAttribute(10_000)),
            }
        );
        var content = new StringContent(Call("list", 20_000), Encoding.UTF8, "application/json");

        McpResponse response = await api.PostAsync(
            api.Issue("notes:read"),
            content,
            headers => headers.TransferEncodingChunked = isChunked
        );

        Assert.Equal(413, response.Status);
        Assert.Empty(api.Invocations.Names);
    }

    [Fact]
    public async Task A_caller_without_a_token_gets_401_before_the_body_is_read()
    {
        await using McpApi api = await McpApi.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(api.Client.BaseAddress!.Host, api.Client.BaseAddress.Port);
        NetworkStream stream = socket.GetStream();

        // The body never comes.
        await stream.WriteAsync(
            "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"u8.ToArray()
        );
        using var reader = new StreamReader(stream);

        Assert.Equal("HTTP/1.1 401 Unauthorized", await reader.ReadLineAsync());
    }

    private static string Call(string tool, int size) =>
        Messages.Request("tools/call", $$$"""{"name":"{{{tool}}}","arguments":{"text":"{{{new string('x', size)}}}"}}""");
}
