using System.Collections.Concurrent;

namespace IntrospectionAuth.Benchmarks.Contenders;

/// <summary>An engine of the shared cache in memory: what a hit costs with a shared cache does not depend on the engine.</summary>
internal sealed class InMemoryEngine : IFleetEngine
{
    private readonly ConcurrentDictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    public string Name => "memory";

    public Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken) => Task.FromResult(_values.GetValueOrDefault(key));

    public Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        _values[key] = value;
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        _values.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    public Task<bool> TryAddAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        Task.FromResult(_values.TryAdd(key, value));

    public Task<long> AppendAsync(string feed, byte[] message, int capacity, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No benchmark removes anything.");

    public Task<FeedReading> ReadAsync(string feed, FeedReading? previous, CancellationToken cancellationToken) =>
        Task.FromResult(new FeedReading { Position = 1 });

    public Task<bool> RestartAsync(string feed, long position, long highest, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<IAsyncDisposable> SubscribeAsync(string feed, Action onAppended, CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable>(new Subscription());

    private sealed class Subscription : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
