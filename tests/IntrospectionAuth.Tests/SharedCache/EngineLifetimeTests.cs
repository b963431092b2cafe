using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.DPoP;
using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>How long the engine keeps what nodes write.</summary>
public sealed class EngineLifetimeTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;
    private readonly InMemoryFleetEngine _engine;

    public EngineLifetimeTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _engine = new InMemoryFleetEngine(_time);
    }

    /// <summary>The lifetime of the token, the options, and the shortest and the longest lifetime of its entry, in minutes.</summary>
    public static TheoryData<double?, Action<OAuthIntrospectionOptions>, double, double> Lifetimes =>
        new()
        {
            { 10, static _ => { }, 10, 10 },
            { 0.5, static _ => { }, 0.5, 0.5 },
            { null, static _ => { }, 4.5, 5 },
            { null, static options => options.Cache.DefaultAge = TimeSpan.FromMinutes(2), 1.8, 2 },
            { 10, static options => options.Cache.MaximumAge = TimeSpan.FromMinutes(1), 0.9, 1 },
            { 0.5, static options => options.Cache.MaximumAge = TimeSpan.FromMinutes(1), 0.5, 0.5 },
            { null, static options => options.Cache.StaleIfUnavailable = TimeSpan.FromHours(1), 4.5, 5 },
            { 60 * 24 * 365, static _ => { }, 60 * 24 * 30, 60 * 24 * 30 },
        };

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Lifetimes))]
    public async Task An_entry_expires_with_its_response(
        double? minutes,
        Action<OAuthIntrospectionOptions> configure,
        double shortest,
        double longest
    )
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine, configure, _time);
        TimeSpan? lifetime = minutes is { } it ? TimeSpan.FromMinutes(it) : null;

        await node.AssertStatusAsync(Issue(lifetime), HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);

        Assert.InRange(EntryLifetime(), TimeSpan.FromMinutes(shortest), TimeSpan.FromMinutes(longest));
    }

    [Theory]
    [InlineData("max-age=60", true, 54, 60)]
    [InlineData("max-age=60", false, 600, 600)]
    [InlineData("max-age=6000", true, 600, 600)]
    public async Task A_max_age_of_the_server_shortens_the_lifetime_where_it_is_honored(
        string header,
        bool isHonored,
        int shortest,
        int longest
    )
    {
        await using FleetNode node = await FleetNode.StartAsync(
            _server,
            _engine,
            options => options.Cache.HonorCacheControl = isHonored,
            _time
        );
        long expires = (_time.GetUtcNow() + TimeSpan.FromMinutes(10)).ToUnixTimeSeconds();
        _server.RespondWith(context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.CacheControl = header;
            return context.Response.WriteAsync($$"""{"active":true,"scope":"read","exp":{{expires}}}""");
        });

        await node.AssertStatusAsync("token", HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);

        Assert.InRange(EntryLifetime(), TimeSpan.FromSeconds(shortest), TimeSpan.FromSeconds(longest));
    }

    [Fact]
    public async Task A_slow_response_is_kept_for_the_rest_of_its_life()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine, FleetNode.Patient, _time);
        string token = Issue(TimeSpan.FromMinutes(10));
        using HeldResponses held = _server.HoldResponses();
        Task<HttpResponseMessage> request = node.Api.GetAsync("/read", token);
        await held.WaitForCallsAsync(1);
        _time.Advance(TimeSpan.FromSeconds(30));
        held.Release();
        using HttpResponseMessage response = await request;
        await _engine.WaitForEntriesAsync(1);

        Assert.Equal(TimeSpan.FromMinutes(9.5), EntryLifetime());
    }

    [Fact]
    public async Task Inactive_expired_and_unusable_responses_leave_nothing_in_the_engine()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine, time: _time);

        for (int i = 0; i < 100; i++)
            await node.AssertStatusAsync($"unknown-{i}", HttpStatusCode.Unauthorized);
        _server.RespondWith(200, """{"active":true,"scope":"read","exp":1}""", calls: 1);
        await node.AssertStatusAsync("expired", HttpStatusCode.Unauthorized);
        _server.RespondWith(200, "{}", calls: 1);
        await node.AssertStatusAsync("broken", HttpStatusCode.ServiceUnavailable);
        await _engine.WaitForReturnedLeasesAsync(102);

        Assert.Empty(_engine.Values('e'));
        Assert.Empty(_engine.Values('l'));
        Assert.Empty(_engine.Messages);
        Assert.All(_engine.Writes, it => Assert.StartsWith("ia:l:", it.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_response_of_more_than_64_KiB_is_not_shared()
    {
        await using FleetNode node = await FleetNode.StartAsync(_server, _engine, time: _time);
        string token = _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Members["groups"] = new string('x', 64 * 1024);
        });

        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForReturnedLeasesAsync(1);

        Assert.Empty(_engine.Values('e'));
    }

    [Fact]
    public async Task A_lease_lasts_for_a_second_unless_it_is_extended()
    {
        await using FleetNode node = await FleetNode.StartAsync(
            _server,
            _engine,
            options => options.Timeout = TimeSpan.FromSeconds(8),
            _time
        );

        await node.AssertStatusAsync(Issue(), HttpStatusCode.OK);

        Assert.Equal(TimeSpan.FromSeconds(1), _engine.Writes.Single(it => it.Key.StartsWith("ia:l:", StringComparison.Ordinal)).Lifetime);
    }

    [Fact]
    public async Task A_used_proof_is_kept_until_no_node_accepts_it_by_its_own_clock()
    {
        using var key = new DPoPClientKey();
        await using FleetNode node = await FleetNode.StartAsync(
            _server,
            _engine,
            options => options.DPoP.ProofLifetime = TimeSpan.FromSeconds(60),
            _time
        );
        string token = _server.IssueBoundToken(key, "read");

        using HttpResponseMessage response = await node.Api.ProveAsync(
            key,
            "/read",
            token,
            ManualTimeProvider.Start - TimeSpan.FromSeconds(20)
        );

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            TimeSpan.FromSeconds(40 + 10), // two nodes can differ by 5 seconds each
            _engine.Writes.Single(it => it.Key.StartsWith("ia:p:", StringComparison.Ordinal)).Lifetime
        );
    }

    private TimeSpan EntryLifetime() => _engine.Writes.Single(it => it.Key.StartsWith("ia:e:", StringComparison.Ordinal)).Lifetime;

    private string Issue(TimeSpan? lifetime = null) =>
        _server.IssueToken(token =>
        {
            token.Scopes = ["read"];
            token.Lifetime = lifetime;
        });
}
