using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;
using static IntrospectionAuth.Tests.Discovery.MetadataServer;

namespace IntrospectionAuth.Tests.Discovery;

/// <summary>The endpoint moves while a call is between its steps: after it has discovered the old one, before it sends the token.</summary>
public sealed class MovedEndpointTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(12);

    [Fact]
    public async Task A_call_that_waits_for_the_token_of_this_API_asks_the_new_endpoint()
    {
        await using MetadataServer server = await StartServerAsync();
        await using DiscoveryApi api = await StartAsync(server);
        Assert.Equal(200, await api.GetAsync("first"));
        Gate gate = server.HoldAt("/token", Issue("second-token-of-the-api"));
        server.PublishText(OpenId, Describe(server, "/moved"));
        api.Time.Advance(s_interval); // the metadata is due, and the API's own token has expired

        Task<int> request = api.GetAsync("token");
        await gate.Arrived;
        await api.Signal.WaitForAsync("EndpointMoved");
        gate.Release();

        Assert.Equal(401, await request);
        Assert.Equal(401, await api.GetAsync("token"));
        Assert.Equal((1, 1), (server.Count("POST /introspect"), server.Count("POST /moved")));
    }

    [Fact]
    public async Task A_call_whose_credential_the_old_endpoint_has_refused_is_repeated_at_the_new_one()
    {
        await using MetadataServer server = await StartServerAsync();
        await using DiscoveryApi api = await StartAsync(server);
        Assert.Equal(200, await api.GetAsync("first"));
        var gate = new Gate();
        server.On(
            "/introspect",
            async context =>
            {
                if (context.Request.Headers.Authorization == "Bearer second-token-of-the-api")
                {
                    await WriteAsync(context, """{"active":true,"scope":"read"}""");
                    return;
                }

                await gate.WaitAsync();
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
        );
        Gate metadata = server.HoldAt(OpenId, Describe(server, "/moved"));
        api.Time.Advance(s_interval);

        Task<int> request = api.GetAsync("token");
        await gate.Arrived;
        server.RespondAt("/token", Issue("second-token-of-the-api"));
        metadata.Release();
        await api.Signal.WaitForAsync("EndpointMoved");
        gate.Release();

        Assert.Equal(401, await request);
        Assert.Equal(401, await api.GetAsync("token"));
        Assert.Equal(1, server.Count("POST /moved"));
    }

    [Fact]
    public async Task Metadata_that_was_fetched_again_and_names_the_same_endpoint_repeats_nothing()
    {
        await using MetadataServer server = await StartServerAsync();
        await using DiscoveryApi api = await StartAsync(server);
        Assert.Equal(200, await api.GetAsync("first"));
        Gate gate = server.HoldAt("/token", Issue("second-token-of-the-api"));
        api.Time.Advance(s_interval);

        Task<int> request = api.GetAsync("token");
        await gate.Arrived;
        await server.WaitForAsync($"GET {OpenId}", 2);
        gate.Release();

        Assert.Equal(200, await request);
        Assert.Equal((2, 2), (server.Count("POST /introspect"), server.Count("POST /token")));
    }

    private static async Task<MetadataServer> StartServerAsync()
    {
        MetadataServer server = await MetadataServer.StartAsync();
        server.PublishText(OpenId, Describe(server, "/introspect"));
        server.RespondAt("/moved", """{"active":false}""");
        server.RespondAt("/token", Issue("first-token-of-the-api"));
        return server;
    }

    private static Task<DiscoveryApi> StartAsync(MetadataServer server) =>
        DiscoveryApi.StartAsync(
            server.Url,
            static options => options.ClientAuthenticationMethod = ClientAuthenticationMethod.ClientCredentials
        );

    private static string Describe(MetadataServer server, string endpoint) =>
        $$"""{"issuer":"{{server.Url}}","introspection_endpoint":"{{server.Url + endpoint}}","token_endpoint":"{{server.Url}}/token"}""";

    private static string Issue(string token) => $$"""{"access_token":"{{token}}","token_type":"Bearer","expires_in":3600}""";
}
