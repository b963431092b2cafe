using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Integrations.Tests.Samples;

/// <summary>samples/OpenApi and samples/Mcp, started as their pages show.</summary>
public sealed class ShownCommandTests
{
    private const string Authority = "Authentication__Schemes__OAuthIntrospection__Authority";

    [Fact]
    public async Task The_OpenAPI_sample_has_its_document_and_both_pages()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using SampleProcess sample = Start("docs/openapi.md", "OpenApi", server);
        using HttpClient client = await ConnectAsync(sample);

        foreach (string path in (string[])["/openapi/v1.json", "/swagger", "/scalar"])
        {
            using HttpResponseMessage response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal((path, HttpStatusCode.OK), (path, response.StatusCode));
        }

        Assert.Equal(HttpStatusCode.OK, await SendAsync(client, HttpMethod.Get, "/notes", server.IssueToken("read")));
    }

    [Fact]
    public async Task The_MCP_sample_accepts_the_token_that_its_page_requests()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using SampleProcess sample = Start("samples/Mcp/README.md", "Mcp", server);
        using HttpClient client = await ConnectAsync(sample);
        string token = server.IssueToken(it =>
        {
            it.Audiences = ["http://localhost:5000/mcp"];
            it.Scopes = ["notes:read"];
        });

        Assert.Equal(HttpStatusCode.OK, await SendAsync(client, HttpMethod.Post, "/mcp", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(client, HttpMethod.Post, "/mcp", server.IssueToken("notes:read")));
    }

    /// <summary>With the authorization server of the test, whose credentials are those of <c>dotnet introspection serve</c>.</summary>
    private static SampleProcess Start(string page, string sample, FakeAuthorizationServer server)
    {
        ShownCommand shown = ShownCommand.Read(page, sample);
        Assert.Equal("http://127.0.0.1:7662", shown.Variables[Authority]);
        shown.Variables[Authority] = server.Issuer;
        return SampleProcess.Run(shown, ["--urls=http://127.0.0.1:0"]);
    }

    private static async Task<HttpClient> ConnectAsync(SampleProcess sample)
    {
        IReadOnlyList<string> lines = await sample.ReadAsync(until: "Hosting environment: ");
        Assert.EndsWith("Development", lines[^1], StringComparison.Ordinal);
        return new HttpClient { BaseAddress = SampleProcess.AddressIn(lines) };
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient client, HttpMethod method, string path, string token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (method == HttpMethod.Post)
        {
            request.Headers.Accept.ParseAdd("application/json, text/event-stream");
            request.Content = JsonContent.Create(
                new
                {
                    jsonrpc = "2.0",
                    id = 1,
                    method = "tools/list",
                }
            );
        }

        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
