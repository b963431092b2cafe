using System.Net.Http.Headers;
using System.Text;
using IntrospectionAuth.Mcp.Tests.Hosting;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Mcp.Tests;

/// <summary>What the MCP authorization specification of 2025-11-25 requires of a resource server. docs/mcp.md has the table.</summary>
public sealed class SpecificationTests
{
    private const string Prefix = "Bearer error=\"invalid_token\", error_description=\"";
    private const string Suffix = $"\", resource_metadata=\"{McpApi.Metadata}\"";

    [Fact]
    public async Task The_metadata_names_the_resource_and_an_authorization_server_at_the_path_of_the_endpoint()
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse metadata = await api.SendAsync(HttpMethod.Get, token: null, path: new Uri(McpApi.Metadata).AbsolutePath);

        Assert.Equal(200, metadata.Status);
        Assert.Equal(McpApi.Resource, metadata.Message["resource"]!.GetValue<string>());
        Assert.Equal("https://auth.example.com", Assert.Single(metadata.Message["authorization_servers"]!.AsArray())!.GetValue<string>());
    }

    [Fact]
    public async Task A_server_without_a_path_has_its_metadata_at_the_root_and_no_other_path_has_it()
    {
        const string Resource = "https://mcp.example.com";
        await using McpApi api = await McpApi.StartAsync(new() { Configure = static options => options.Resource = Resource });

        McpResponse metadata = await api.SendAsync(HttpMethod.Get, token: null, path: "/.well-known/oauth-protected-resource");
        McpResponse other = await api.SendAsync(HttpMethod.Get, token: null, path: "/.well-known/oauth-protected-resource/mcp");

        Assert.Equal(Resource, metadata.Message["resource"]!.GetValue<string>());
        Assert.Equal(404, other.Status);
    }

    [Theory]
    [InlineData("evil.example.com")]
    [InlineData("MCP.EXAMPLE.COM")]
    public async Task The_canonical_URI_is_the_configured_one_regardless_of_the_Host_header(string host)
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse metadata = await api.SendAsync(
            HttpMethod.Get,
            token: null,
            headers: headers => headers.Host = host,
            path: new Uri(McpApi.Metadata).AbsolutePath
        );
        McpResponse challenge = await api.PostAsync(token: null, content: null, headers => headers.Host = host);

        Assert.Equal(McpApi.Resource, metadata.Message["resource"]!.GetValue<string>());
        Assert.Contains($"resource_metadata=\"{McpApi.Metadata}\"", challenge.Challenge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("POST", "initialize")]
    [InlineData("POST", "ping")]
    [InlineData("POST", "tools/list")]
    public async Task Every_request_without_a_token_is_401(string method, string rpc = "tools/call")
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.SendAsync(
            new HttpMethod(method),
            token: null,
            new StringContent(Messages.Request(rpc), Encoding.UTF8, "application/json")
        );

        Assert.Equal(401, response.Status);
        Assert.Equal($"Bearer scope=\"notes:read\", resource_metadata=\"{McpApi.Metadata}\"", response.Challenge);
        Assert.DoesNotContain("jsonrpc", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_the_query_is_not_read()
    {
        await using McpApi api = await McpApi.StartAsync();
        var content = new StringContent(Messages.Call("list"), Encoding.UTF8, "application/json");

        McpResponse response = await api.PostAsync(token: null, content, path: "/mcp?access_token=" + api.Issue("notes:read"));

        Assert.Equal(401, response.Status);
        Assert.Empty(api.Server.Calls);
    }

    [Fact]
    public async Task A_token_that_is_not_active_is_401()
    {
        await using McpApi api = await McpApi.StartAsync();
        string token = api.Issue("notes:read");
        api.Server.Revoke(token);

        await AssertInvalidAsync(api, token, "The access token is not active.");
        await AssertInvalidAsync(api, "unknown", "The access token is not active.");
    }

    [Fact]
    public async Task A_token_that_has_expired_is_401()
    {
        await using McpApi api = await McpApi.StartAsync();

        await AssertInvalidAsync(
            api,
            api.Issue(token => token.Members["exp"] = 1_000_000_000, "notes:read"),
            "The access token has expired."
        );
    }

    [Theory]
    [InlineData("https://other.example.com/mcp")]
    [InlineData("https://mcp.example.com")]
    [InlineData("https://mcp.example.com/mcp/")]
    [InlineData("https://mcp.example.com/mcp2")]
    [InlineData("client-1")]
    [InlineData(null)]
    public async Task A_token_for_another_audience_is_401(string? audience)
    {
        await using McpApi api = await McpApi.StartAsync();

        await AssertInvalidAsync(
            api,
            api.Issue(token => token.Audiences = audience is null ? [] : [audience], "notes:read"),
            "The access token is intended for another audience."
        );
    }

    [Fact]
    public async Task A_token_of_another_authorization_server_is_401()
    {
        await using McpApi api = await McpApi.StartAsync(
            new() { Configure = static options => options.ValidIssuers.Add("https://auth.example.com") }
        );

        await AssertInvalidAsync(
            api,
            api.Issue(token => token.Issuer = "https://other.example.com", "notes:read"),
            "The access token was issued by another authorization server."
        );
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer a b")]
    public async Task A_malformed_authorization_is_400(string header)
    {
        await using McpApi api = await McpApi.StartAsync();

        McpResponse response = await api.PostAsync(
            token: null,
            new StringContent(Messages.Call("list"), Encoding.UTF8, "application/json"),
            headers => headers.TryAddWithoutValidation("Authorization", header)
        );

        Assert.Equal(400, response.Status);
        Assert.StartsWith("Bearer error=\"invalid_request\"", response.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_has_no_token_to_pass_on()
    {
        await using McpApi api = await McpApi.StartAsync();

        (await api.CallAsync(api.Issue("notes:read"), "token")).AssertRan("no token");
    }

    [Fact]
    public async Task No_token_is_logged()
    {
        await using McpApi api = await McpApi.StartAsync();
        string token = api.Issue("notes:read");

        await api.CallAsync(token, "list");
        await api.CallAsync(token, "add");
        await api.CallAsync("a-token-that-is-not-active", "list");

        Assert.Contains("tools/call", api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, api.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-token-that-is-not-active", api.Log.Text, StringComparison.Ordinal);
    }

    private static async Task AssertInvalidAsync(McpApi api, string token, string description)
    {
        McpResponse response = await api.CallAsync(token, "list");

        Assert.Equal((401, Prefix + description + Suffix), (response.Status, response.Challenge));
        Assert.Empty(api.Invocations.Names);
    }
}
