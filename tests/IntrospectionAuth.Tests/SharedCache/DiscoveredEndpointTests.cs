using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Discovery;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>Nodes that know their authorization server by <c>Authority</c> alone, and discover its introspection endpoint.</summary>
public sealed class DiscoveredEndpointTests : IAsyncDisposable
{
    private const string Token = "a-token-of-some-length";
    private const string Active = """{"active":true,"scope":"read","sub":"alice"}""";

    private readonly FakeAuthorizationServer _unused = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    public ValueTask DisposeAsync() => _unused.DisposeAsync();

    [Fact]
    public async Task A_response_of_one_node_serves_all()
    {
        await using MetadataServer server = await StartServerAsync("/one");
        await using FleetNode first = await StartAsync(server);
        await using FleetNode second = await StartAsync(server);

        await ShareAsync(first);
        await second.AssertStatusAsync(Token, HttpStatusCode.OK);

        Assert.Equal(1, server.Count("POST /one"));
    }

    [Fact]
    public async Task A_response_of_an_endpoint_that_was_replaced_is_not_used_by_a_node_that_starts_later()
    {
        await using MetadataServer server = await StartServerAsync("/one");
        await using FleetNode first = await StartAsync(server);
        await ShareAsync(first);
        server.Publish(endpoint: "/two");
        server.RespondAt("/two", """{"active":false}""");

        await using FleetNode later = await StartAsync(server);
        await later.AssertStatusAsync(Token, HttpStatusCode.Unauthorized);

        Assert.Equal((1, 1), (server.Count("POST /one"), server.Count("POST /two")));
        await first.AssertStatusAsync(Token, HttpStatusCode.OK); // it has not yet discovered the new endpoint
    }

    [Fact]
    public async Task Nodes_that_know_different_endpoints_each_keep_their_entries_and_make_their_own_calls()
    {
        await using MetadataServer server = await StartServerAsync("/one");
        await using FleetNode first = await StartAsync(server);
        await ShareAsync(first);
        server.Publish(endpoint: "/two");
        server.RespondAt("/two", Active);
        await using FleetNode second = await StartAsync(server);
        await ShareAsync(second, count: 2);
        await using FleetNode third = await StartAsync(server);

        await third.AssertStatusAsync(Token, HttpStatusCode.OK);

        Assert.Equal(2, _engine.Values('e').Count);
        Assert.Equal((1, 1), (server.Count("POST /one"), server.Count("POST /two")));
    }

    [Fact]
    public async Task A_node_that_cannot_discover_the_endpoint_uses_no_shared_response()
    {
        await using MetadataServer server = await StartServerAsync("/one");
        await using FleetNode first = await StartAsync(server);
        await ShareAsync(first);
        server.Remove(MetadataServer.OpenId);
        await using FleetNode second = await StartAsync(server);

        await second.AssertStatusAsync(Token, HttpStatusCode.ServiceUnavailable);
        server.Publish(endpoint: "/one");
        await second.AssertStatusAsync(Token, HttpStatusCode.OK);

        Assert.Equal(1, server.Count("POST /one"));
    }

    [Fact]
    public async Task The_metadata_is_not_fetched_while_the_server_must_not_be_called()
    {
        await using MetadataServer server = await StartServerAsync("/one");
        server.RespondAt(MetadataServer.OpenId, 500);
        server.RespondAt(MetadataServer.OAuth, 500);
        await using FleetNode node = await StartAsync(server, options => options.Resilience.BreakerPause = TimeSpan.FromMinutes(5));
        await FailAsync(node, options => options.Resilience.BreakerMinimumCalls);
        int before = server.Count("GET " + MetadataServer.OpenId);

        for (int i = 0; i < 10; i++)
            await node.AssertStatusAsync($"token-{i}", HttpStatusCode.ServiceUnavailable);

        Assert.Equal(before, server.Count("GET " + MetadataServer.OpenId));
    }

    [Fact]
    public async Task The_removal_of_a_token_removes_its_entry()
    {
        await using MetadataServer server = await StartServerAsync("/one");
        await using FleetNode node = await StartAsync(server);
        await ShareAsync(node);
        string key = Assert.Single(_engine.Values('e')).Key;

        node.Cache.RemoveToken(Token);

        await _engine.Removals.WaitForAsync(it => it == key);
        Assert.Empty(_engine.Values('e'));
    }

    private static async Task<MetadataServer> StartServerAsync(string endpoint)
    {
        MetadataServer server = await MetadataServer.StartAsync();
        server.Publish(endpoint: endpoint);
        server.RespondAt(endpoint, Active);
        return server;
    }

    private static async Task FailAsync(FleetNode node, Func<OAuthIntrospectionOptions, int> calls)
    {
        for (int i = 0; i < calls(new OAuthIntrospectionOptions()); i++)
            await node.AssertStatusAsync($"early-{i}", HttpStatusCode.ServiceUnavailable);
    }

    private Task<FleetNode> StartAsync(MetadataServer server, Action<OAuthIntrospectionOptions>? configure = null) =>
        FleetNode.StartAsync(
            _unused,
            _engine,
            options =>
            {
                options.Authority = server.Url;
                options.ClientId = "api";
                options.ClientSecret = "secret";
                configure?.Invoke(options);
            },
            isFake: false
        );

    /// <summary>Uses the token on a node, and waits until its response is shared.</summary>
    private async Task ShareAsync(FleetNode node, int count = 1)
    {
        await node.AssertStatusAsync(Token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(count);
    }
}
