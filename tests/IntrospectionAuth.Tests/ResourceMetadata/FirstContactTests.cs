using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.ResourceMetadata;

/// <summary>An MCP client that knows only a URL, over sockets. It follows the challenges and the metadata.</summary>
public sealed partial class FirstContactTests
{
    private const string Section = "Authentication:Schemes:OAuthIntrospection:";

    [Fact]
    public async Task A_client_gets_from_a_URL_to_an_authorized_response()
    {
        await using FakeAuthorizationServer server = await FakeAuthorizationServer.ListenAsync();
        await using WebApplication app = await StartAsync(server);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        string url = app.Urls.Single() + "/mcp";

        // 401 names the URL of the metadata.
        using HttpResponseMessage first = await SendAsync(client, url, token: null);
        Assert.Equal(HttpStatusCode.Unauthorized, first.StatusCode);
        Dictionary<string, string> challenge = Parse(first);
        Assert.False(challenge.ContainsKey("error"));

        // The metadata describes this URL (RFC 9728, section 3.3) and names the authorization server.
        JsonNode metadata = JsonNode.Parse(await client.GetStringAsync(challenge["resource_metadata"]))!;
        Assert.Equal(url, (string?)metadata["resource"]);
        Assert.Equal("header", (string?)metadata["bearer_methods_supported"]!.AsArray().Single());
        string issuer = (string)metadata["authorization_servers"]!.AsArray().Single()!;
        Assert.Equal(server.Issuer, issuer);

        // The client requests the scope of this request alone.
        Assert.Equal(["tools:read", "tools:write"], metadata["scopes_supported"]!.AsArray().Select(scope => (string?)scope));
        string token = server.IssueToken(challenge["scope"]);
        using HttpResponseMessage second = await SendAsync(client, url, token);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);

        // 403 names the scope of another request.
        using HttpResponseMessage third = await SendAsync(client, url + "/write", token);
        Assert.Equal(HttpStatusCode.Forbidden, third.StatusCode);
        Dictionary<string, string> forbidden = Parse(third);
        Assert.Equal(("insufficient_scope", "tools:write"), (forbidden["error"], forbidden["scope"]));
        Assert.Equal(challenge["resource_metadata"], forbidden["resource_metadata"]);

        using HttpResponseMessage fourth = await SendAsync(client, url + "/write", server.IssueToken("tools:read", forbidden["scope"]));
        Assert.Equal(HttpStatusCode.OK, fourth.StatusCode);
    }

    private static async Task<WebApplication> StartAsync(FakeAuthorizationServer server)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([
            new(Section + "Authority", server.Issuer),
            new(Section + "IntrospectionEndpoint", server.IntrospectionEndpoint),
            new(Section + "ClientId", server.ClientId),
            new(Section + "ClientSecret", server.ClientSecret),
        ]);
        builder.Services.AddAuthentication().AddOAuthIntrospection();
        builder.Services.AddAuthorization();

        WebApplication app = builder.Build();
        app.MapProtectedResourceMetadata();
        app.MapPost("/mcp", () => "read").RequireScope("tools:read");
        app.MapPost("/mcp/write", () => "written").RequireScope("tools:write");
        await app.StartAsync();

        // The port is known only now; a changed configuration is applied without a restart.
        app.Configuration[Section + "Resource"] = app.Urls.Single() + "/mcp";
        app.Configuration[Section + "ResourceMetadata:CollectScopes"] = "true";
        ((IConfigurationRoot)app.Configuration).Reload();
        return app;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string url, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        return client.SendAsync(request);
    }

    /// <summary>The parameters of the one Bearer challenge (RFC 9110, section 11.6.1).</summary>
    private static Dictionary<string, string> Parse(HttpResponseMessage response)
    {
        string challenge = response.Challenges();
        Assert.StartsWith("Bearer ", challenge, StringComparison.Ordinal);
        return Parameter()
            .Matches(challenge["Bearer ".Length..])
            .ToDictionary(
                match => match.Groups["name"].Value,
                match => Escape().Replace(match.Groups["value"].Value, "${character}"),
                StringComparer.OrdinalIgnoreCase
            );
    }

    [GeneratedRegex("""(?<name>[a-z_]+)="(?<value>([^"\\]|\\.)*)"(, |$)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\\(?<character>.)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Escape();
}
