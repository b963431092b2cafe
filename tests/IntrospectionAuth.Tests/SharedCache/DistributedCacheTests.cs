using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Challenge;
using IntrospectionAuth.Tests.DPoP;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>A fleet over an <see cref="IDistributedCache"/>, which has no feed: removals are bounded by FeedPatience.</summary>
public sealed class DistributedCacheTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server;
    private readonly RecordingCache _cache;

    public DistributedCacheTests()
    {
        _server = FakeAuthorizationServer.Create(options => options.TimeProvider = _time);
        _cache = new RecordingCache();
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_response_of_one_node_serves_all()
    {
        await using TestApi first = await StartAsync();
        await using TestApi second = await StartAsync();
        string token = await ShareAsync(first);

        await second.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(1, _server.CallCount);
    }

    [Fact]
    public async Task Every_response_is_used_for_FeedPatience_at_most_also_in_memory()
    {
        await using TestApi first = await StartAsync();
        await using TestApi second = await StartAsync();
        string token = await ShareAsync(first);
        await second.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);

        _time.Advance(s_patience - TimeSpan.FromSeconds(1));
        await first.AssertStatusAsync(token, HttpStatusCode.OK);
        await second.AssertStatusAsync(token, HttpStatusCode.OK);
        _time.Advance(TimeSpan.FromSeconds(1));
        await first.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await second.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_entry_is_kept_for_FeedPatience_at_most()
    {
        await using TestApi node = await StartAsync();

        await ShareAsync(node);

        Assert.Equal(s_patience, Assert.Single(_cache.Writes).Lifetime);
    }

    [Fact]
    public async Task A_removal_takes_effect_on_this_node_at_once_and_brings_nothing_back()
    {
        await using TestApi node = await StartAsync();
        await using TestApi other = await StartAsync();
        string token = await ShareAsync(node);
        await other.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);

        node.Services.GetRequiredService<OAuthIntrospectionCache>().RemoveSubject("user-1");

        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await other.AssertStatusAsync(token, HttpStatusCode.OK);
        _time.Advance(s_patience);
        await other.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_removal_of_a_token_removes_its_shared_entry()
    {
        await using TestApi node = await StartAsync();
        string token = await ShareAsync(node);
        _server.Revoke(token);

        node.Services.GetRequiredService<OAuthIntrospectionCache>().RemoveToken(token);
        await _cache.Removals.WaitForAsync(static _ => true);
        await using TestApi late = await StartAsync();

        await late.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_proof_is_accepted_by_each_node_once_with_a_warning()
    {
        using var key = new DPoPClientKey();
        await using TestApi first = await StartAsync();
        await using TestApi second = await StartAsync();
        string token = _server.IssueBoundToken(key, "read"),
            proof = key.Prove("GET", "http://localhost/read", token);

        foreach (TestApi node in (TestApi[])[first, second])
        {
            using HttpResponseMessage accepted = await node.Client.PresentAsync("/read", token, proof);
            using HttpResponseMessage replayed = await node.Client.PresentAsync("/read", token, proof);
            Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, replayed.StatusCode);
            Assert.Equal(1, node.Log.Count("ProofNotShared"));
        }
    }

    [Fact]
    public async Task A_cache_that_fails_costs_calls_and_nothing_else()
    {
        await using TestApi node = await StartAsync();
        _cache.Fault = static () => throw new IOException();

        for (int i = 0; i < 10; i++)
            await node.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK);

        Assert.Equal(10, _server.CallCount);
    }

    private Task<TestApi> StartAsync() =>
        TestApi.StartAsync(
            _server,
            new TestApiSetup
            {
                Time = _time,
                Services = services =>
                {
                    services.AddSingleton<IDistributedCache>(_cache);
                    services.AddOAuthIntrospectionDistributedCache();
                    services
                        .AddAuthentication()
                        .AddOAuthIntrospection(static options =>
                        {
                            options.SharedCache.Secrets.Add(FleetNode.Secret);
                            options.SharedCache.FeedPatience = s_patience;
                        });
                },
            }
        );

    private async Task<string> ShareAsync(TestApi node)
    {
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _cache.Writes.WaitForAsync(static _ => true);
        return token;
    }
}
