using System.Net;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.DPoP;
using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>The secret is replaced while nodes run: each step of it, and nodes of two steps next to each other.</summary>
public sealed class SecretRotationTests : IAsyncDisposable
{
    private const string Old = FleetNode.Secret;
    private const string New = FleetNode.OtherSecret;

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    /// <summary>The secrets of two nodes while a step of the rotation is made.</summary>
    public static TheoryData<string[], string[]> Steps =>
        new()
        {
            { [Old], [Old, New] },
            { [Old, New], [Old] },
            { [Old, New], [New, Old] },
            { [New, Old], [Old, New] },
            { [New, Old], [New] },
            { [New], [New, Old] },
        };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Responses_are_shared_during_each_step(string[] one, string[] other)
    {
        await using FleetNode first = await StartAsync(one);
        await using FleetNode second = await StartAsync(other);

        string token = await ShareAsync(first);
        await second.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(1, _server.CallCount);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Removals_take_effect_during_each_step(string[] one, string[] other)
    {
        await using FleetNode first = await StartAsync(one);
        await using FleetNode second = await StartAsync(other);
        string token = await ShareAsync(first);
        await second.AssertStatusAsync(token, HttpStatusCode.OK);
        Dictionary<string, byte[]> entries = _engine.Values('e');
        _server.Revoke(token);

        first.Cache.RemoveSubject("user-1");
        await _engine.Messages.WaitForAsync(static _ => true);
        await second.Engine.CatchUpAsync();
        foreach ((string key, byte[] entry) in entries)
            _engine.Set(key, entry, TimeSpan.FromHours(1));

        await second.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await using FleetNode third = await StartAsync(other);
        await third.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_proof_is_accepted_once_during_each_step(string[] one, string[] other)
    {
        using var key = new DPoPClientKey();
        await using FleetNode first = await StartAsync(one);
        await using FleetNode second = await StartAsync(other);
        string token = _server.IssueBoundToken(key, "read"),
            proof = key.Prove("GET", "http://localhost/read", token, TimeProvider.System.GetUtcNow());

        using HttpResponseMessage accepted = await first.Api.Client.PresentAsync("/read", token, proof);
        using HttpResponseMessage replayed = await second.Api.Client.PresentAsync("/read", token, proof);

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, replayed.StatusCode);
    }

    [Fact]
    public async Task A_whole_rotation_costs_a_token_one_more_call()
    {
        string token;
        await using (FleetNode node = await StartAsync([Old]))
            token = await ShareAsync(node);
        foreach (
            string[] secrets in (string[][])
                [
                    [Old, New],
                    [New, Old],
                    [New],
                ]
        )
        {
            await using FleetNode node = await StartAsync(secrets);
            int calls = _server.CallCount;
            await node.AssertStatusAsync(token, HttpStatusCode.OK);
            if (_server.CallCount > calls)
                await _engine.WaitForEntriesAsync(_server.CallCount);
        }

        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task Nothing_that_was_removed_before_or_during_a_rotation_comes_back()
    {
        string token;
        Dictionary<string, byte[]> entries;
        await using (FleetNode node = await StartAsync([Old, New]))
        {
            token = await ShareAsync(node);
            entries = _engine.Values('e');
            _server.Revoke(token);
            node.Cache.RemoveSubject("user-1");
            await _engine.Messages.WaitForAsync(static _ => true);
        }

        foreach (
            string[] secrets in (string[][])
                [
                    [Old],
                    [Old, New],
                    [New, Old],
                    [New],
                ]
        )
        {
            foreach ((string key, byte[] entry) in entries)
                _engine.Set(key, entry, TimeSpan.FromHours(1));
            await using FleetNode node = await StartAsync(secrets);
            await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Nodes_without_a_common_secret_share_nothing_and_disturb_nothing()
    {
        await using FleetNode first = await StartAsync([Old]);
        await using FleetNode second = await StartAsync([New]);
        string token = await ShareAsync(first);

        await second.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(2);
        Assert.Equal(2, _server.CallCount);
        _server.Revoke(token);
        first.Cache.RemoveToken(token);
        await _engine.Messages.WaitForAsync(static _ => true);
        await second.ReadAgainAsync();

        await first.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        await second.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(0, second.Api.Log.Count("ForeignFeedMessage"));
    }

    private async Task<FleetNode> StartAsync(string[] secrets)
    {
        FleetNode node = await FleetNode.StartAsync(
            _server,
            _engine,
            options =>
            {
                foreach (string secret in secrets)
                    options.SharedCache.Secrets.Add(secret);
            }
        );
        return node;
    }

    private async Task<string> ShareAsync(FleetNode node)
    {
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        return token;
    }
}
