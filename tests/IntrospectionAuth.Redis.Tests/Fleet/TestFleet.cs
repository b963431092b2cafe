using System.Diagnostics;
using IntrospectionAuth.Interop.Processes;
using IntrospectionAuth.Redis.Tests.Engines;
using IntrospectionAuth.Testing;

namespace IntrospectionAuth.Redis.Tests.Fleet;

/// <summary>An authorization server, an engine, and nodes that each reach the engine through a network of their own.</summary>
internal sealed class TestFleet : IAsyncDisposable
{
    /// <summary>Longer than anything takes, even on a busy machine.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private TestFleet(FakeAuthorizationServer server, RedisServer engine)
    {
        Server = server;
        Engine = engine;
        Admin = server.IssueToken("admin");
    }

    public FakeAuthorizationServer Server { get; }

    public RedisServer Engine { get; }

    public List<FleetNode> Nodes { get; } = [];

    /// <summary>A token with the scope <c>admin</c>.</summary>
    public string Admin { get; }

    /// <summary>Starts everything. The test is skipped if the engine is not installed.</summary>
    /// <param name="kind">The engine.</param>
    /// <param name="settings">Settings of the scheme beyond those that every node has, such as <c>SharedCache:FeedPatience</c>.</param>
    /// <param name="count">The number of nodes.</param>
    /// <param name="environments">Other environment variables of each node, in the order of the nodes.</param>
    public static async Task<TestFleet> StartAsync(
        EngineKind kind = EngineKind.Redis,
        Dictionary<string, string>? settings = null,
        int count = 3,
        Dictionary<string, string>[]? environments = null
    )
    {
        RedisServer engine = await RedisServer.StartAsync(kind);
        var fleet = new TestFleet(await FakeAuthorizationServer.ListenAsync(), engine);
        try
        {
            fleet.Nodes.AddRange(
                await Task.WhenAll(Enumerable.Range(0, count).Select(i => fleet.StartNodeAsync(settings, environments?[i])))
            );
            await fleet.WaitUntilSharedAsync();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a further node, which is not in <see cref="Nodes"/>.</summary>
    public async Task<FleetNode> StartNodeAsync(Dictionary<string, string>? settings = null, Dictionary<string, string>? environment = null)
    {
        var network = new TcpProxy(Engine.Port);
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["IntrospectionEndpoint"] = Server.IntrospectionEndpoint,
            ["ClientId"] = Server.ClientId,
            ["ClientSecret"] = Server.ClientSecret,
            ["SharedCache:Redis"] = network.Address,
            ["SharedCache:Timeout"] = "5", // for a busy machine
            ["SharedCache:Secrets:0"] = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)i)]),
        };
        foreach ((string name, string value) in settings ?? [])
            all[name] = value;

        try
        {
            return new FleetNode(await SampleApi.StartAsync(all, environment), network);
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Changes the network of every node.</summary>
    public Task ChangeNetwork(Action<TcpProxy> change)
    {
        Nodes.ForEach(node => change(node.Network));
        return Task.CompletedTask;
    }

    /// <summary>Requests a path of every node at once, and returns the statuses in the order of the nodes.</summary>
    public async Task<int[]> GetOnAllAsync(string path, string token) =>
        await Task.WhenAll(Nodes.Select(async node => (await node.GetAsync(path, token)).Status));

    /// <summary>Sends many requests at once, to each node in turn.</summary>
    public Task<ApiResponse[]> GetAtOnceAsync(string token, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Nodes[i % Nodes.Count].GetAsync("/me", token)));

    /// <summary>Waits until the nodes use each other's responses: a new token causes one call.</summary>
    public Task WaitUntilSharedAsync() =>
        WaitUntilAsync(async () =>
        {
            for (int first = 0; first < Nodes.Count; first++)
            {
                string token = Server.IssueToken();
                Assert.Equal(200, (await Nodes[first].GetAsync("/me", token)).Status);
                foreach (FleetNode node in Nodes)
                    Assert.Equal(200, (await node.GetAsync("/me", token)).Status);
                if (Server.CallsFor(token).Count != 1)
                    return false;
            }

            return true;
        });

    /// <summary>Requests a token of every node until all reject it.</summary>
    /// <returns>When the last request began that was accepted, counted from the given time; zero if there was none.</returns>
    public async Task<TimeSpan> MeasureLastAcceptanceAsync(string token, long since)
    {
        TimeSpan last = TimeSpan.Zero;
        await WaitUntilAsync(async () =>
        {
            TimeSpan begun = Stopwatch.GetElapsedTime(since);
            int[] statuses = await GetOnAllAsync("/me", token);
            Assert.All(statuses, status => Assert.Contains(status, (int[])[200, 401]));
            if (!statuses.Contains(200))
                return true;
            last = begun;
            return false;
        });
        return last;
    }

    public async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline)
                Assert.Fail("The condition was not met in time. The log of the first node:\n" + Nodes[0].Api.Log);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        await Engine.DisposeAsync();
        await Server.DisposeAsync();
    }
}
