using System.Text.Json.Nodes;
using IntrospectionAuth.Tests.Discovery;
using static IntrospectionAuth.Tests.Discovery.MetadataServer;

namespace IntrospectionAuth.OpenApi.Tests;

/// <summary>The authorization server is down, slow or back while documents are generated.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task While_the_server_is_down_the_scheme_is_http_bearer_and_it_is_asked_once_a_minute()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.RespondAt(OpenId, 500);
        server.RespondAt(OAuth, 500);
        await using DocumentedApi api = await DocumentedApi.StartAtAsync(server.Url);

        for (int i = 0; i < 5; i++)
            Assert.Equal("http", await GetTypeAsync(api));
        Assert.Equal(1, server.Count("GET " + OpenId));

        api.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("http", await GetTypeAsync(api));
        Assert.Equal(2, server.Count("GET " + OpenId));
    }

    [Fact]
    public async Task A_server_that_hangs_delays_a_document_for_5_seconds_at_most()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Task asked = server.HangAt(OpenId);
        await using DocumentedApi api = await DocumentedApi.StartAtAsync(
            server.Url,
            static options => options.Timeout = TimeSpan.FromMinutes(5) // a limit of the call, not of the document
        );

        Task<string> first = GetTypeAsync(api);
        await asked;
        await api.Time.WaitForTimersAsync(s_longest, 1);
        api.Time.Advance(s_longest);

        Assert.Equal("http", await first);
        Assert.Equal(1, server.Count("GET " + OpenId));
    }

    [Fact]
    public async Task Documents_have_the_flows_as_soon_as_a_request_has_found_the_server_again()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        server.RespondAt(OpenId, 500);
        server.RespondAt(OAuth, 500);
        await using DocumentedApi api = await DocumentedApi.StartAtAsync(server.Url);
        Assert.Equal("http", await GetTypeAsync(api));

        Publish(server);
        Assert.Equal(200, await api.GetStatusAsync("/read", "token"));

        Assert.Equal("oauth2", await GetTypeAsync(api));
    }

    [Fact]
    public async Task Documents_share_the_metadata_with_introspection_and_cause_no_other_calls()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Publish(server);
        await using DocumentedApi api = await DocumentedApi.StartAtAsync(server.Url);

        for (int i = 0; i < 3; i++)
            Assert.Equal("oauth2", await GetTypeAsync(api));
        Assert.Equal(["GET " + OpenId], server.Requests);
        Assert.Equal(200, await api.GetStatusAsync("/read", "token"));

        Assert.Equal(["GET " + OpenId, "POST /introspect"], server.Requests);
    }

    [Fact]
    public async Task A_server_that_goes_down_leaves_the_last_known_flows_in_the_document()
    {
        await using MetadataServer server = await MetadataServer.StartAsync();
        Publish(server);
        await using DocumentedApi api = await DocumentedApi.StartAtAsync(server.Url);
        Assert.Equal("oauth2", await GetTypeAsync(api));

        server.RespondAt(OpenId, 500);
        api.Time.Advance(TimeSpan.FromHours(13));

        Assert.Equal("oauth2", await GetTypeAsync(api));
        await server.WaitForAsync("GET " + OpenId, 2);
        Assert.Equal("oauth2", await GetTypeAsync(api));
    }

    private static void Publish(MetadataServer server) =>
        server.PublishText(
            OpenId,
            $$"""
            {
              "issuer": "{{server.Url}}", "introspection_endpoint": "{{server.Url}}/introspect",
              "authorization_endpoint": "{{server.Url}}/authorize", "token_endpoint": "{{server.Url}}/token"
            }
            """
        );

    private static async Task<string> GetTypeAsync(DocumentedApi api)
    {
        JsonObject scheme = await api.GetSchemeAsync();
        return scheme["type"]!.GetValue<string>();
    }
}
