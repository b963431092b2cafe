using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>How long a node uses a response that another one obtained. Ages count from when the server was asked, by either.</summary>
public sealed class SharedResponseAgeTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;
    private readonly InMemoryFleetEngine _engine;

    public SharedResponseAgeTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _engine = new InMemoryFleetEngine(_time);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(50, 1)]
    [InlineData(60, 2)]
    public async Task The_maximum_age_of_the_reading_node_counts(int age, int calls)
    {
        await using FleetNode writer = await StartAsync();
        string token = await ShareAsync(writer);
        _time.Advance(TimeSpan.FromSeconds(age));
        await using FleetNode reader = await StartAsync(options => options.Cache.MaximumAge = TimeSpan.FromMinutes(1));

        await reader.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(calls, _server.CallCount);
    }

    [Fact]
    public async Task A_shared_response_does_not_become_younger_in_the_memory_of_the_reading_node()
    {
        await using FleetNode writer = await StartAsync();
        string token = await ShareAsync(writer);
        _time.Advance(TimeSpan.FromSeconds(40));
        await using FleetNode reader = await StartAsync(options => options.Cache.MaximumAge = TimeSpan.FromMinutes(1));
        await reader.AssertStatusAsync(token, HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromSeconds(10));
        await reader.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(1, _server.CallCount);

        _time.Advance(TimeSpan.FromSeconds(10));
        await reader.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task The_age_counts_from_when_the_server_was_asked_not_from_when_it_responded()
    {
        await using FleetNode writer = await StartAsync();
        string token = _server.IssueToken("read");
        using (HeldResponses held = _server.HoldResponses())
        {
            Task<HttpResponseMessage> request = writer.Api.GetAsync("/read", token);
            await held.WaitForCallsAsync(1);
            _time.Advance(TimeSpan.FromSeconds(30));
            held.Release();
            using HttpResponseMessage response = await request;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await _engine.WaitForEntriesAsync(1);
        _time.Advance(TimeSpan.FromSeconds(30));
        await using FleetNode reader = await StartAsync(options => options.Cache.MaximumAge = TimeSpan.FromMinutes(1));

        await reader.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(2, _server.CallCount);
    }

    [Theory]
    [InlineData("/recent", 59, 1)]
    [InlineData("/recent", 60, 2)]
    [InlineData("/fresh", 0, 2)]
    public async Task An_endpoint_that_requires_a_fresh_token_gets_no_older_shared_response(string path, int age, int calls)
    {
        await using FleetNode writer = await StartAsync();
        string token = await ShareAsync(writer);
        _time.Advance(TimeSpan.FromSeconds(age));
        await using FleetNode reader = await StartAsync();

        await reader.Api.AssertStatusAsync(path, token, HttpStatusCode.OK);

        Assert.Equal(calls, _server.CallCount);
    }

    [Fact]
    public async Task A_node_with_a_maximum_age_of_zero_asks_and_shares_nothing()
    {
        await using FleetNode node = await StartAsync(options => options.Cache.MaximumAge = TimeSpan.Zero);
        await using FleetNode other = await StartAsync();
        string token = await ShareAsync(other);

        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await node.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(3, _server.CallCount);
        Assert.Single(_engine.Values('e'));
    }

    [Fact]
    public async Task The_response_to_a_node_that_asks_again_replaces_the_shared_one()
    {
        await using FleetNode writer = await StartAsync();
        string token = await ShareAsync(writer);
        byte[] first = Assert.Single(_engine.Values('e')).Value;
        _time.Advance(TimeSpan.FromSeconds(60));
        await using FleetNode reader = await StartAsync(options => options.Cache.MaximumAge = TimeSpan.FromMinutes(1));

        await reader.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(2);

        Assert.NotEqual(first, Assert.Single(_engine.Values('e')).Value);
    }

    private Task<FleetNode> StartAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        FleetNode.StartAsync(_server, _engine, FleetNode.Patient + configure, _time);

    private async Task<string> ShareAsync(FleetNode node)
    {
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        await _engine.WaitForReturnedLeasesAsync(1); // a node that waits for a lease would wait for a clock that stands still
        return token;
    }
}
