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
    {
        _services = new ServiceCollection().AddOAuthIntrospectionRedis(configuration).BuildServiceProvider();
        Engine = (IFleetEngine)_services.GetRequiredService<ISharedCacheEngine>();
    }

    public IFleetEngine Engine { get; }

    /// <summary>Creates the engine of a server, and waits until it is connected.</summary>
    public static async Task<TestEngine> ConnectAsync(RedisServer server)
    {
        var engine = new TestEngine($"{server.Address},asyncTimeout=30000"); // for a busy machine
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
