using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>What a node does with the entries of an <see cref="IDistributedCache"/>, and which it writes.</summary>
public sealed class DistributedCacheRuleTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly RecordingDistributedCache _cache;

    public DistributedCacheRuleTests() => _cache = new(_time);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_shared_response_is_validated_by_the_node_that_uses_it()
    {
        await using TestApi first = await StartAsync();
        await using TestApi second = await StartAsync(options => options.Audiences.Add("another-api"));
        string token = _server.IssueToken("read");

        await ShareAsync(first, token);
        await second.AssertStatusAsync(token, HttpStatusCode.Unauthorized);

        Assert.Equal(1, _server.CallCount);
    }

    [Theory]
    [InlineData(4, 10, 4)]
    [InlineData(3600, 10, 10)]
    [InlineData(3600, 60, 60)]
    public async Task An_entry_is_kept_until_the_token_expires_or_no_node_uses_the_response(int expires, int patience, int kept)
    {
        await using TestApi node = await StartAsync(options => options.SharedCache.FeedPatience = TimeSpan.FromSeconds(patience));

        await ShareAsync(node, IssueUntil(_time.GetUtcNow().AddSeconds(expires)));

        (string key, _, TimeSpan? lifetime) = Assert.Single(_cache.Writes);
        Assert.Equal(TimeSpan.FromSeconds(kept), lifetime);
        _time.Advance(TimeSpan.FromSeconds(kept));
        Assert.Null(_cache.Get(key));
    }

    [Fact]
    public async Task An_entry_is_kept_for_the_maximum_age_at_most()
    {
        await using TestApi node = await StartAsync(options => options.Cache.MaximumAge = TimeSpan.FromSeconds(5));

        await ShareAsync(node, _server.IssueToken("read"));

        Assert.InRange(Assert.Single(_cache.Writes).Lifetime!.Value, TimeSpan.FromSeconds(4.5), TimeSpan.FromSeconds(5)); // the jitter
    }

    [Fact]
    public async Task A_response_is_used_for_the_patience_counted_from_the_call_and_then_asked_for_again()
    {
        await using TestApi first = await StartAsync();
        await using TestApi second = await StartAsync();
        string token = _server.IssueToken("read");
        await ShareAsync(first, token);

        _time.Advance(s_patience / 2);
        await second.AssertStatusAsync(token, HttpStatusCode.OK); // obtained half of the patience ago
        _time.Advance((s_patience / 2) - s_moment);
        await first.AssertStatusAsync(token, HttpStatusCode.OK);
        await second.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(1, _server.CallCount);

        _time.Advance(s_moment);
        await second.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task The_latest_use_of_a_removed_token_is_on_a_node_that_asked_just_before_the_removal()
    {
        await using TestApi first = await StartAsync();
        await using TestApi second = await StartAsync();
        await using TestApi third = await StartAsync();
        string token = _server.IssueToken(it => (it.Scopes, it.Subject) = (["read"], "alice"));
        await ShareAsync(second, token);
        _server.Revoke(token);
        DistributedCacheNode.CacheOf(first).RemoveSubject("alice");

        _time.Advance(s_patience - s_moment);
        await third.AssertStatusAsync(token, HttpStatusCode.OK); // the shared response
        await first.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        _time.Advance(s_moment);

        await second.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await third.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("a flipped bit")]
    [InlineData("a truncated entry")]
    [InlineData("an empty entry")]
    [InlineData("another version")]
    [InlineData("the entry of another token")]
    [InlineData("garbage")]
    public async Task A_modified_entry_is_a_miss(string attack)
    {
        await using TestApi first = await StartAsync();
        await using TestApi second = await StartAsync();
        string token = _server.IssueToken("read");
        await ShareAsync(first, token);
        await ShareAsync(first, _server.IssueToken("read", "write"), count: 2);
        (string key, byte[] entry, _) = _cache.Writes.ElementAt(0);
        byte[] modified = attack switch
        {
            "a flipped bit" => [.. entry[..^1], (byte)(entry[^1] ^ 1)],
            "a truncated entry" => entry[..^1],
            "an empty entry" => [],
            "another version" => [(byte)(entry[0] + 1), .. entry[1..]],
            "garbage" => "{\"active\":true}"u8.ToArray(),
            _ => _cache.Writes.ElementAt(1).Value,
        };
        _cache.Set(key, modified, new DistributedCacheEntryOptions());

        await second.AssertStatusAsync("/write", token, HttpStatusCode.Forbidden);

        Assert.Equal(2, _server.CallsFor(token).Count);
    }

    [Fact]
    public async Task Inactive_responses_are_not_written()
    {
        await using TestApi node = await StartAsync();

        for (int i = 0; i < 20; i++)
            await node.AssertStatusAsync($"unknown-{i}", HttpStatusCode.Unauthorized);
        await ShareAsync(node, _server.IssueToken("read"));

        Assert.Single(_cache.Writes);
    }

    [Fact]
    public async Task Nodes_that_see_a_token_first_at_the_same_time_each_make_one_call()
    {
        await using TestApi first = await StartAsync();
        await using TestApi second = await StartAsync();
        string token = _server.IssueToken("read");
        using HeldResponses held = _server.HoldResponses();

        Task[] requests =
        [
            .. Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? first : second).AssertStatusAsync(token, HttpStatusCode.OK)),
        ];
        await held.WaitForCallsAsync(2);
        held.Release();
        await Task.WhenAll(requests);

        Assert.Equal(2, _server.CallCount);
    }

    private string IssueUntil(DateTimeOffset expiry) =>
        _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Members["exp"] = expiry.ToUnixTimeSeconds();
        });

    private Task<TestApi> StartAsync(Action<OAuthIntrospectionOptions>? configure = null) =>
        DistributedCacheNode.StartAsync(_server, _cache, _time, configure);

    /// <summary>Uses a token on a node, and waits until its response is shared.</summary>
    private async Task ShareAsync(TestApi node, string token, int count = 1)
    {
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _cache.Writes.WaitForAsync(static _ => true, count);
    }
}
