using IntrospectionAuth.Redis.Tests.Engines;

namespace IntrospectionAuth.Redis.Tests.Engine;

/// <summary>An engine that fails in every way. It runs alone, because unobserved exceptions are those of the whole process.</summary>
[Collection(nameof(UnobservedExceptionTests))]
[CollectionDefinition(nameof(UnobservedExceptionTests), DisableParallelization = true)]
public sealed class UnobservedExceptionTests
{
    private const string Feed = "ia:feed";

    [Fact]
    public async Task No_exception_remains_unobserved()
    {
        await using RedisServer server = await RedisServer.StartAsync();
        await using var proxy = new TcpProxy(server.Port);
        var unobserved = new List<Exception>();
        void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            lock (unobserved)
                unobserved.Add(e.Exception);
        }

        TaskScheduler.UnobservedTaskException += OnUnobserved;
        try
        {
            await FailInEveryWayAsync(server, proxy);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= OnUnobserved;
        }

        Assert.Empty(unobserved);
    }

    private static async Task FailInEveryWayAsync(RedisServer server, TcpProxy proxy)
    {
        await using var node = new TestEngine(proxy.Address);
        await node.WaitUntilItWorksAsync();
        FeedReading reading = await node.Engine.ReadAsync(Feed, null, default);

        proxy.Hang();
        for (int i = 0; i < 5; i++)
        {
            await Task.WhenAll(
                Swallow(cancellation => node.Engine.GetAsync("key", cancellation)),
                Swallow(cancellation => node.Engine.AppendAsync(Feed, [1], 10, cancellation)),
                Swallow(cancellation => node.Engine.ReadAsync(Feed, reading, cancellation)),
                Swallow(cancellation => node.Engine.RemoveAsync("key", cancellation)),
                Swallow(cancellation => node.Engine.SubscribeAsync(Feed, static () => { }, cancellation))
            );
        }

        proxy.Cut(); // everything that hangs fails now, and no operation waits for it
        await node.WaitUntilItFailsAsync();
        proxy.Restore();
        await node.WaitUntilItWorksAsync();

        await server.ConfigureAsync("maxmemory", "1");
        await Swallow(cancellation => node.Engine.AppendAsync(Feed, [1], 10, cancellation));
        await Swallow(cancellation => node.Engine.ReadAsync(Feed, reading, cancellation));
        await server.ConfigureAsync("maxmemory", "0");

        proxy.Hang();
        await using var another = new TestEngine(proxy.Address);
        await Swallow(cancellation => another.Engine.GetAsync("key", cancellation));
        await another.DisposeAsync();
        proxy.Restore();
    }

    private static async Task Swallow(Func<CancellationToken, Task> operation)
    {
        try
        {
            await TestEngine.RunAsync(operation, TimeSpan.FromMilliseconds(50));
        }
        catch (Exception)
        {
            // expected
        }
    }
}
