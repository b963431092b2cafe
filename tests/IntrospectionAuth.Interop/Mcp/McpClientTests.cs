using IntrospectionAuth.Interop.OidcProvider;
using IntrospectionAuth.Interop.Servers;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Interop.Mcp;

/// <summary>samples/Mcp, oidc-provider and the client of the MCP SDK: three parties that know each other by URLs alone.</summary>
[Collection(SharedOidcProvider.Name)]
public sealed class McpClientTests(OidcProviderServer server)
{
    [NodeFact]
    public async Task The_client_discovers_registers_authorizes_and_steps_up_by_itself()
    {
        await using McpSample sample = await McpSample.StartAsync(Settings());

        // It knows the URL alone. The challenge leads it to the metadata, and that to the authorization server, where it registers.
        await using SdkClient client = await SdkClient.ConnectAsync(sample.Url);
        Assert.Equal([401, 200], client.Statuses.Take(2));
        Assert.Equal(1, client.Registrations);
        Assert.Equal(["notes:read"], ScopesOf(client));
        Assert.Equal(sample.Url.ToString(), client.User.Resource);
        Assert.Equal(["add_note", "delete_notes", "list_notes"], (await client.ListAsync()).Order(StringComparer.Ordinal));
        Assert.Equal("", await client.CallAsync("list_notes"));
        Assert.DoesNotContain(403, client.Statuses);

        // A tool that requires more: 403, a larger token, and the same call again.
        Assert.Equal("Added.", await client.CallAsync("add_note", new() { ["text"] = "milk" }));
        Assert.Equal([403, 200], client.Statuses.TakeLast(2));
        Assert.Equal(["notes:read", "notes:read notes:write"], ScopesOf(client));

        // The larger token serves the other tools too.
        Assert.Equal("milk", await client.CallAsync("list_notes"));
        Assert.Equal("Deleted.", await client.CallAsync("delete_notes"));
        Assert.Equal(["notes:read", "notes:read notes:write", "notes:delete notes:read notes:write"], ScopesOf(client));
        Assert.Equal("", await client.CallAsync("list_notes"));
        Assert.Equal(1, client.Registrations);
    }

    [NodeFact]
    public async Task While_the_authorization_server_is_down_the_client_gets_503_and_keeps_its_token()
    {
        bool isDown = false;
        using var forward = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await using KestrelServer endpoint = await KestrelServer.StartAsync(context =>
            Volatile.Read(ref isDown) ? FailAsync(context) : ForwardAsync(context, forward)
        );
        Dictionary<string, string> settings = Settings();
        settings["IntrospectionEndpoint"] = endpoint.Url + "/token/introspection";
        settings["Cache:MaximumAge"] = "0";
        settings["Resilience:Enabled"] = "false"; // no circuit breaker: the next call is to reach the server at once
        await using McpSample sample = await McpSample.StartAsync(settings);
        await using SdkClient client = await SdkClient.ConnectAsync(sample.Url);

        Volatile.Write(ref isDown, true);
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => client.CallAsync("add_note", new() { ["text"] = "milk" }));
        Assert.Equal(503, (int?)exception.StatusCode);

        Volatile.Write(ref isDown, false);
        Assert.Equal("", await client.CallAsync("list_notes"));
        Assert.Single(client.User.RequestedScopes); // the user has logged in once
    }

    private static Task FailAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return Task.CompletedTask;
    }

    private async Task ForwardAsync(HttpContext context, HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.IntrospectionEndpoint);
        request.Content = new StreamContent(context.Request.Body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers.Authorization.ToString());
        using HttpResponseMessage response = await client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private Dictionary<string, string> Settings()
    {
        Dictionary<string, string> settings = server.DiscoverySettings("client_secret_basic", "api-basic");
        settings["ClientSecret"] = "basic-secret-0123456789";
        return settings;
    }

    /// <summary>The scopes of each authorization request, each in order, without those that concern the client alone.</summary>
    private static IEnumerable<string> ScopesOf(SdkClient client) =>
        client.User.RequestedScopes.Select(static scopes =>
            string.Join(' ', scopes.Split(' ').Where(static scope => scope != "offline_access").Order(StringComparer.Ordinal))
        );
}
