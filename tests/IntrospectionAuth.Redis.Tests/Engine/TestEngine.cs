using System.Diagnostics;
using IntrospectionAuth.Redis.Tests.Engines;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace IntrospectionAuth.Redis.Tests.Engine;

/// <summary>The engine of one node, as an application registers it.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    /// <summary>Longer than anything takes, even on a busy machine.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ServiceProvider _services;

    public TestEngine(string configuration)
        : this(new ServiceCollection().AddOAuthIntrospectionRedis(configuration)) { }

    public TestEngine(IServiceCollection services)
    {
        _services = services.BuildServiceProvider();
        Engine = (IFleetEngine)_services.GetRequiredService<ISharedCacheEngine>();
    }

    public IFleetEngine Engine { get; }

    /// <summary>Creates the engine of a server, and waits until it is connected.</summary>
    /// <param name="server">The server.</param>
    /// <param name="time">The clock of the node; null for that of the system.</param>
    public static async Task<TestEngine> ConnectAsync(RedisServer server, TimeProvider? time = null)
    {
        string configuration = $"{server.Address},asyncTimeout=30000"; // for a busy machine
        var connection = new RedisConnection(async () => await ConnectionMultiplexer.ConnectAsync(configuration), isOwned: true);
        var engine = time is null
            ? new TestEngine(configuration)
            : new TestEngine(new ServiceCollection().AddSingleton<ISharedCacheEngine>(_ => new RedisEngine(connection, time)));
        await engine.WaitUntilItWorksAsync();
        return engine;
    }

    /// <summary>Waits until the engine works, and returns how long that took.</summary>
    public async Task<TimeSpan> WaitUntilItWorksAsync()
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await RunAsync(
                    cancellation => Engine.SetAsync("probe", [1], TimeSpan.FromSeconds(1), cancellation),
                    TimeSpan.FromSeconds(1)
                );
                return Stopwatch.GetElapsedTime(started);
            }
            catch (Exception) when (Stopwatch.GetElapsedTime(started) < Deadline)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    /// <summary>Waits until operations fail: a closed connection is noticed a little later.</summary>
    public async Task WaitUntilItFailsAsync()
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Deadline)
        {
            try
            {
                await Engine.GetAsync("key", default);
            }
            catch (RedisException)
            {
                return;
            }
        }

        Assert.Fail("The engine still works.");
    }

    /// <summary>Runs an operation with a limit, as the handler does.</summary>
    public static async Task RunAsync(Func<CancellationToken, Task> operation, TimeSpan limit)
    {
        using var cancellation = new CancellationTokenSource(limit, TimeProvider.System);
        await operation(cancellation.Token);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
