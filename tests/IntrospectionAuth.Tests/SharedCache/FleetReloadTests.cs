using System.Net;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>The settings of the shared cache change while a node runs.</summary>
public sealed class FleetReloadTests : IAsyncDisposable
{
    private const string Old = FleetNode.Secret;
    private const string New = FleetNode.OtherSecret;

    private static readonly FleetSecret s_old = new(Convert.FromBase64String(Old));
    private static readonly FleetSecret s_new = new(Convert.FromBase64String(New));

    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly InMemoryFleetEngine _engine = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_secret_that_a_reload_removes_is_no_longer_used()
    {
        var options = new OptionsReload(With(Old, New));
        await using (FleetNode node = await StartAsync(options))
        {
            options.Reload(With(New));
            await WaitForEndOfOldAsync(node);
            node.Cache.RemoveSubject("user-1");
        } // appends what is pending

        Assert.Empty(_engine.Read(s_old.FeedName, previous: null).Messages);
        Assert.Single(_engine.Read(s_new.FeedName, previous: null).Messages);
    }

    [Fact]
    public async Task A_secret_that_a_reload_replaces_reads_no_entry_afterwards()
    {
        var options = new OptionsReload(With(Old));
        await using FleetNode node = await StartAsync(options);
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine);
        string token = await ShareAsync(other);

        options.Reload(With(New));
        await WaitForEndOfOldAsync(node);
        await node.StartedAsync();
        await node.AssertStatusAsync(token, HttpStatusCode.OK);

        Assert.Equal(2, _server.CallCount);
    }

    [Fact]
    public async Task Schemes_with_the_same_secret_share_its_feed_and_keep_it_when_one_of_them_changes()
    {
        var options = new OptionsReload(With(New));
        await using (
            FleetNode node = await StartAsync(
                options,
                services =>
                {
                    services.AddAuthentication().AddOAuthIntrospection("other", With(Old, New));
                    services.UseFakeAuthorizationServer(_server, "other");
                }
            )
        )
        {
            Assert.Equal(2, node.Api.Services.GetRequiredService<Fleets>().All.Count);

            options.Reload(With(New) + (static changed => changed.SharedCache.FeedPatience = TimeSpan.FromMinutes(1)));
            node.Cache.RemoveSubject("user-1");
        }

        Assert.Single(_engine.Read(s_old.FeedName, previous: null).Messages);
        Assert.Single(_engine.Read(s_new.FeedName, previous: null).Messages);
    }

    [Fact]
    public async Task A_removal_that_is_still_to_be_appended_survives_a_reload()
    {
        var options = new OptionsReload(With(Old));
        await using FleetNode node = await StartAsync(options);
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine);
        string token = await ShareAsync(node);
        await other.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);
        node.Engine.Fail("append");
        node.Cache.RemoveSubject("user-1");

        options.Reload(With(Old, New));
        await node.StartedAsync();
        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized); // the entry is still shared

        node.Engine.Heal();
        await _engine.Messages.WaitForAsync(static _ => true);
        await other.Engine.CatchUpAsync();
        await other.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_removal_that_is_still_to_be_appended_survives_a_reload_that_replaces_the_secret()
    {
        var options = new OptionsReload(With(Old));
        await using FleetNode node = await StartAsync(options);
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine);
        string token = await ShareAsync(node);
        await other.AssertStatusAsync(token, HttpStatusCode.OK);
        _server.Revoke(token);
        node.Engine.Fail("append");
        node.Cache.RemoveSubject("user-1");

        options.Reload(With(New));
        await WaitForEndOfOldAsync(node);
        int attempts = node.Engine.Operations.Count(static it => it.Operation == "append");
        await node.Engine.Operations.WaitForAsync(static it => it.Operation == "append", attempts + 3); // the feed makes two at most
        node.Engine.Heal();

        await _engine.Messages.WaitForAsync(static _ => true);
        await other.Engine.CatchUpAsync();
        await other.AssertStatusAsync(token, HttpStatusCode.Unauthorized); // it has the old secret still
    }

    [Fact]
    public async Task A_removal_survives_a_reload_where_the_engine_has_no_feed()
    {
        var options = new OptionsReload(With(Old));
        await using FleetNode node = await FleetNode.StartAsync(
            _server,
            _engine,
            options.Configure,
            services: services =>
            {
                options.Register(services);
                services.AddSingleton<ISharedCacheEngine>(new FeedlessEngine(_engine));
            },
            fault: static _ => { }
        );
        string token = await ShareAsync(node);
        _server.Revoke(token);
        node.Cache.RemoveSubject("user-1");

        options.Reload(With(Old) + (static changed => changed.SharedCache.FeedPatience = TimeSpan.FromMinutes(1)));

        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        Assert.Single(_engine.Values('e'));
    }

    [Theory]
    [InlineData(Old)]
    [InlineData(Old, New)]
    public async Task A_reload_costs_no_call_for_the_tokens_in_memory(params string[] secrets)
    {
        var time = new ManualTimeProvider();
        await using var server = FakeAuthorizationServer.Create(it => it.TimeProvider = time);
        var engine = new InMemoryFleetEngine(time);
        var options = new OptionsReload(With(Old));
        await using FleetNode node = await FleetNode.StartAsync(server, engine, options.Configure, time, options.Register);
        string token = server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        for (int i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(5)); // older than the patience, but covered by readings
            await node.ReadAgainAsync();
        }

        node.Engine.Hold(new TaskCompletionSource().Task, "read");
        options.Reload(With(secrets) + (static changed => changed.SharedCache.Timeout = TimeSpan.FromSeconds(20)));
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(1, server.CallCount);

        time.Advance(TimeSpan.FromSeconds(10)); // the patience, without a reading
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        Assert.Equal(2, server.CallCount);
    }

    [Fact]
    public async Task A_member_that_a_reload_maps_removes_shared_entries_from_before()
    {
        var options = new OptionsReload(With(Old));
        await using FleetNode node = await StartAsync(options);
        await using FleetNode other = await FleetNode.StartAsync(_server, _engine);
        string first = Issue(),
            second = Issue();
        foreach (string token in (string[])[first, second])
            await other.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(2);
        await other.Engine.CatchUpAsync();
        node.Cache.RemoveSubject("another");
        await node.AssertStatusAsync(first, HttpStatusCode.OK); // compared by the members of now
        _server.Revoke(second);

        options.Reload(With(Old) + (static changed => changed.ClaimMappings["user"] = "sub"));
        node.Cache.RemoveSubject("mapped");

        await node.AssertStatusAsync(second, HttpStatusCode.Unauthorized);
    }

    private static Action<OAuthIntrospectionOptions> With(params string[] secrets) =>
        options =>
        {
            foreach (string secret in secrets)
                options.SharedCache.Secrets.Add(secret);
        };

    /// <summary>Waits until no fleet has the old secret.</summary>
    private static async Task WaitForEndOfOldAsync(FleetNode node)
    {
        var fleets = node.Api.Services.GetRequiredService<Fleets>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (fleets.All.Any(static fleet => fleet.Secrets.Any(static secret => secret.Id == s_old.Id)))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private Task<FleetNode> StartAsync(OptionsReload options, Action<IServiceCollection>? services = null) =>
        FleetNode.StartAsync(
            _server,
            _engine,
            options.Configure,
            services: collection =>
            {
                options.Register(collection);
                services?.Invoke(collection);
            }
        );

    private async Task<string> ShareAsync(FleetNode node)
    {
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _engine.WaitForEntriesAsync(1);
        return token;
    }

    private string Issue() =>
        _server.IssueToken(it =>
        {
            it.Scopes = ["read"];
            it.Members["user"] = "mapped";
        });
}
