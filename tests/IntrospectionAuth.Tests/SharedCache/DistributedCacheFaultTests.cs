using System.Net;
using IntrospectionAuth.SharedCache;
using IntrospectionAuth.Testing;
using IntrospectionAuth.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Moq;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>Requests while the <see cref="IDistributedCache"/> misbehaves.</summary>
public sealed class DistributedCacheFaultTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeAuthorizationServer _server = FakeAuthorizationServer.Create();
    private readonly RecordingDistributedCache _memory;
    private readonly Mock<IDistributedCache> _cache = new(MockBehavior.Strict);
    private readonly ManualResetEventSlim _unblocked = new();
    private volatile Func<Task> _fault = static () => Task.CompletedTask;

    public DistributedCacheFaultTests()
    {
        _memory = new(_time);
        _cache
            .Setup(static it => it.GetAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((string key, CancellationToken token) => AfterFault(() => _memory.GetAsync(key, token)));
        _cache
            .Setup(static it => it.RemoveAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((string key, CancellationToken token) => AfterFault(() => _memory.RemoveAsync(key, token)));
        _cache
            .Setup(static it =>
                it.SetAsync(It.IsAny<string>(), It.IsAny<byte[]>(), It.IsAny<DistributedCacheEntryOptions>(), It.IsAny<CancellationToken>())
            )
            .Returns(
                (string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token) =>
                    AfterFault(() => _memory.SetAsync(key, value, options, token))
            );
    }

    public static TheoryData<string> Faults =>
        ["throws", "throws later", "cancels itself", "blocks its thread", "never ends", "ends too late"];

    public ValueTask DisposeAsync()
    {
        _unblocked.Set();
        _unblocked.Dispose();
        return _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_request_gets_the_same_response_and_waits_for_the_timeout_at_most(string fault)
    {
        await using TestApi node = await StartAsync();
        Break(fault);
        string token = _server.IssueToken("read");

        Task active = node.AssertStatusAsync(token, HttpStatusCode.OK);
        await PassTimeoutsAsync(1); // of the look-up; the response is shared in the background
        await active;
        await PassTimeoutsAsync(2);
        Task inactive = node.AssertStatusAsync("unknown", HttpStatusCode.Unauthorized);
        await PassTimeoutsAsync(3);
        await inactive;

        Assert.Equal(2, _server.CallCount);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_logged_once_and_degrades_health_and_so_does_its_end(string fault)
    {
        await using TestApi node = await StartAsync();
        await node.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK);
        await _memory.Writes.WaitForAsync(static _ => true);
        Assert.Equal(HealthStatus.Healthy, await CheckHealthAsync(node));

        Break(fault);
        Task request = node.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK);
        await PassTimeoutsAsync(3); // of the look-up
        await request;
        await PassTimeoutsAsync(4); // of sharing the response
        await node.Log.WaitForAsync("SharedCacheFails");
        for (int i = 0; i < 20; i++)
            await node.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK); // these do not wait

        Assert.Equal((1, 0), (node.Log.Count("SharedCacheFails"), node.Log.Count("SharedCacheWorks")));
        Assert.Equal(HealthStatus.Degraded, await CheckHealthAsync(node));

        _fault = static () => Task.CompletedTask;
        _time.Advance(TimeSpan.FromSeconds(1)); // the pause of the circuit breaker
        await node.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK);
        await node.Log.WaitForAsync("SharedCacheWorks");

        Assert.Equal((1, 1), (node.Log.Count("SharedCacheFails"), node.Log.Count("SharedCacheWorks")));
        Assert.Equal(HealthStatus.Healthy, await CheckHealthAsync(node));
    }

    [Fact]
    public async Task A_fault_is_reported_although_requests_are_rare()
    {
        await using TestApi node = await StartAsync();
        Break("throws");

        for (int i = 0; i < 3; i++)
        {
            await node.AssertStatusAsync($"unknown-{i}", HttpStatusCode.Unauthorized);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, node.Log.Count("SharedCacheFails"));
        await node.AssertStatusAsync(_server.IssueToken("read"), HttpStatusCode.OK); // asked again, so health does not depend on a probe
        Assert.Equal(HealthStatus.Degraded, await CheckHealthAsync(node));
    }

    [Fact]
    public async Task A_removal_while_the_cache_fails_takes_effect_on_its_node()
    {
        await using TestApi node = await StartAsync();
        string token = _server.IssueToken("read");
        await node.AssertStatusAsync(token, HttpStatusCode.OK);
        await _memory.Writes.WaitForAsync(static _ => true);
        _server.Revoke(token);

        Break("throws");
        Assert.Equal(1, DistributedCacheNode.CacheOf(node).RemoveToken(token));
        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized);
        _fault = static () => Task.CompletedTask;

        _time.Advance(TimeSpan.FromSeconds(1));
        await node.AssertStatusAsync(token, HttpStatusCode.Unauthorized); // the entry is still there
    }

    [Fact]
    public async Task A_cache_that_blocks_its_threads_takes_a_limited_number_of_them_and_works_again_when_it_returns_them()
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(64, ports); // so that it does not wait before it adds a thread
        try
        {
            await BlockThreadsAsync(new DistributedCacheEngine(_cache.Object), 16);
        }
        finally
        {
            _unblocked.Set();
            ThreadPool.SetMinThreads(workers, ports);
        }
    }

    private Task<TestApi> StartAsync() => DistributedCacheNode.StartAsync(_server, _cache.Object, _time);

    private async Task BlockThreadsAsync(DistributedCacheEngine engine, int most)
    {
        var lifetime = TimeSpan.FromMinutes(1);
        var blocked = new SemaphoreSlim(0);
        _fault = () =>
        {
            blocked.Release();
            _unblocked.Wait();
            return Task.CompletedTask;
        };
        for (int i = 0; i < most; i++)
        {
            using var timeout = new CancellationTokenSource();
            Task operation = (i % 3) switch
            {
                0 => engine.GetAsync("key", timeout.Token),
                1 => engine.SetAsync("key", [1], lifetime, timeout.Token),
                _ => engine.RemoveAsync("key", timeout.Token),
            };
            await blocked.WaitAsync();
            await timeout.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => operation.WaitAsync(TimeSpan.FromSeconds(20)));
        }

        Task[] further =
        [
            engine.GetAsync("key", CancellationToken.None),
            engine.SetAsync("key", [1], lifetime, CancellationToken.None),
            engine.RemoveAsync("key", CancellationToken.None),
        ];
        foreach (Task operation in further)
            await Assert.ThrowsAsync<InvalidOperationException>(() => operation.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, blocked.CurrentCount);

        _fault = static () => Task.CompletedTask;
        _unblocked.Set();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        bool works = false;
        while (!works && !patience.IsCancellationRequested) // the threads say nothing when they return
            works = (await Task.WhenAny(engine.GetAsync("key", patience.Token))).IsCompletedSuccessfully;
        Assert.True(works);
    }

    private void Break(string fault) =>
        _fault = fault switch
        {
            "throws" => static () => throw new IOException("The cache is broken."),
            "throws later" => static async () =>
            {
                await Task.Yield();
                throw new IOException("The cache is broken.");
            },
            "cancels itself" => static () => throw new TaskCanceledException(),
            "blocks its thread" => () =>
            {
                _unblocked.Wait();
                return Task.CompletedTask;
            },
            "never ends" => static () => new TaskCompletionSource().Task,
            _ => () => Task.Delay(DistributedCacheNode.Timeout * 2, _time),
        };

    /// <summary>Lets the timeout of an operation pass, by its number.</summary>
    private async Task PassTimeoutsAsync(int operation)
    {
        await _time.WaitForTimersAsync(DistributedCacheNode.Timeout, operation);
        _time.Advance(DistributedCacheNode.Timeout);
    }

    private async Task<T> AfterFault<T>(Func<Task<T>> run)
    {
        await _fault();
        return await run();
    }

    private async Task AfterFault(Func<Task> run)
    {
        await _fault();
        await run();
    }

    private static async Task<HealthStatus> CheckHealthAsync(TestApi node) =>
        (await node.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;
}
