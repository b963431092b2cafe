using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.DPoP;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Logging;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>A DPoP proof that is presented to several nodes, while the engine works and while it does not.</summary>
public sealed class ProofAcrossNodesTests : IAsyncDisposable
{
    private const string Url = "http://localhost/read";

    private readonly DPoPClientKey _key = new();
    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;
    private readonly InMemoryFleetEngine _engine;

    public ProofAcrossNodesTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _engine = new InMemoryFleetEngine(_time);
    }

    public static TheoryData<DPoPReplayAcrossNodes> Values => [DPoPReplayAcrossNodes.BestEffort, DPoPReplayAcrossNodes.Required];

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_proof_that_one_node_has_accepted_is_rejected_by_all(DPoPReplayAcrossNodes value)
    {
        await using FleetNode first = await StartAsync(value);
        await using FleetNode second = await StartAsync(value);
        string token = _server.IssueBoundToken(_key, "read"),
            proof = _key.Prove("GET", Url, token);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(first, token, proof));
        await _engine.WaitForEntriesAsync(1);

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(second, token, proof));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(first, token, proof));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(second, token, _key.Prove("GET", Url, token)));
    }

    [Theory]
    [InlineData(DPoPReplayAcrossNodes.BestEffort, HttpStatusCode.OK, "accepted")]
    [InlineData(DPoPReplayAcrossNodes.Required, HttpStatusCode.ServiceUnavailable, "rejected with 503")]
    public async Task The_option_decides_about_a_proof_while_the_engine_fails(
        DPoPReplayAcrossNodes value,
        HttpStatusCode expected,
        string outcome
    )
    {
        await using FleetNode node = await StartAsync(value);
        string token = _server.IssueBoundToken(_key, "read"),
            proof = _key.Prove("GET", Url, token);
        node.Engine.Fail();

        using HttpResponseMessage response = await node.Api.Client.PresentAsync("/read", token, proof);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.ServiceUnavailable ? TimeSpan.FromSeconds(5) : null, response.Headers.RetryAfter?.Delta);
        LogEntry warning = Assert.Single(node.Api.Log.Entries, it => it.Event.Name == "ProofNotShared");
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains(
            $"The request was {outcome}. Make the shared cache respond: its own message in the log names the cause.",
            warning.Text,
            StringComparison.Ordinal
        );
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(node, token, proof)); // this node's own memory
    }

    [Theory]
    [InlineData(DPoPReplayAcrossNodes.BestEffort, HttpStatusCode.OK)]
    [InlineData(DPoPReplayAcrossNodes.Required, HttpStatusCode.ServiceUnavailable)]
    public async Task A_request_waits_for_a_slow_engine_for_half_of_its_timeout(DPoPReplayAcrossNodes value, HttpStatusCode expected)
    {
        await using FleetNode node = await FleetNode.StartAsync(
            _server,
            _engine,
            FleetNode.Patient
                + (
                    options =>
                    {
                        options.DPoP.ReplayAcrossNodes = value;
                        options.Timeout = TimeSpan.FromSeconds(5);
                        options.SharedCache.Timeout = TimeSpan.FromMinutes(1);
                    }
                ),
            _time
        );
        string token = _server.IssueBoundToken(_key, "read");
        Assert.Equal(HttpStatusCode.OK, await SendAsync(node, token, _key.Prove("GET", Url, token))); // now the token is in memory
        TimeSpan longestWait = TimeSpan.FromSeconds(2.5);
        int waits = _time.CountTimers(longestWait);
        node.Engine.Delay(TimeSpan.FromSeconds(20), _time, "add");

        Task<HttpStatusCode> request = SendAsync(node, token, _key.Prove("GET", Url, token));
        await _time.WaitForTimersAsync(longestWait, waits + 1);
        _time.Advance(longestWait);

        Assert.Equal(expected, await request.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
        Assert.Equal(1, node.Api.Log.Count("ProofNotShared"));
    }

    [Fact]
    public async Task Proofs_are_compared_with_other_nodes_again_when_the_engine_works_again()
    {
        await using FleetNode first = await StartAsync(DPoPReplayAcrossNodes.Required);
        await using FleetNode second = await StartAsync(DPoPReplayAcrossNodes.Required);
        string token = _server.IssueBoundToken(_key, "read");
        first.Engine.Fail();
        for (int i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(first, token, _key.Prove("GET", Url, token)));

        await first.EndOutageAsync(_time);
        string proof = _key.Prove("GET", Url, token);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(first, token, proof));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(second, token, proof));
    }

    [Fact]
    public async Task The_warning_about_proofs_is_logged_once_a_minute()
    {
        await using FleetNode node = await StartAsync(DPoPReplayAcrossNodes.BestEffort);
        string token = _server.IssueBoundToken(_key, "read");
        node.Engine.Fail();

        for (int i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, await SendAsync(node, token, _key.Prove("GET", Url, token)));

        Assert.Equal(1, node.Api.Log.Count("ProofNotShared"));
    }

    [Fact]
    public async Task A_proof_that_expires_during_its_request_is_rejected_and_used_on_no_node()
    {
        await using FleetNode node = await StartAsync(DPoPReplayAcrossNodes.Required);
        string token = _server.IssueBoundToken(_key, "read");
        DateTimeOffset oldest = ManualTimeProvider.Start - TimeSpan.FromMinutes(1); // the ProofLifetime
        using HeldResponses held = _server.HoldResponses();

        Task<HttpStatusCode> request = SendAsync(node, token, _key.Prove("GET", Url, token, oldest));
        await held.WaitForCallsAsync(1);
        _time.Advance(TimeSpan.FromSeconds(30));
        held.Release();

        Assert.Equal(HttpStatusCode.Unauthorized, await request);
        Assert.DoesNotContain(_engine.Writes, static it => it.Key.StartsWith("ia:p:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_that_fails_for_another_reason_uses_no_proof_on_any_node()
    {
        await using FleetNode node = await StartAsync(DPoPReplayAcrossNodes.Required);
        using var other = new DPoPClientKey();
        string token = _server.IssueBoundToken(_key, "read");

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(node, token, other.Prove("GET", Url, token)));

        Assert.DoesNotContain(_engine.Writes, static it => it.Key.StartsWith("ia:p:", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> SendAsync(FleetNode node, string token, string proof)
    {
        using HttpResponseMessage response = await node.Api.Client.PresentAsync("/read", token, proof);
        return response.StatusCode;
    }

    private Task<FleetNode> StartAsync(DPoPReplayAcrossNodes value) =>
        FleetNode.StartAsync(_server, _engine, FleetNode.Patient + (options => options.DPoP.ReplayAcrossNodes = value), _time);
}
