using IntrospectionAuth.Tests.Support;

namespace IntrospectionAuth.Tests.SharedCache;

/// <summary>The connection of one node to the engine. It fails, hangs or loses notifications for this node alone.</summary>
internal sealed class NodeEngine(InMemoryFleetEngine engine) : IFleetEngine
{
    private volatile Func<string, CancellationToken, Task>? _fault;

    public string Name => "memory";

    /// <summary>Every operation that was attempted: its name, and its key or feed.</summary>
    public Journal<(string Operation, string Key)> Operations { get; } = new();

    /// <summary>Each reading of a feed, with the position of the one before, which is then applied.</summary>
    public Journal<(string Feed, long? Previous)> Readings { get; } = new();

    /// <summary>Makes operations with the given names fail, or all.</summary>
    public void Fail(params string[] operations) => Break(operations, static _ => throw new IOException("The engine is broken."));

    /// <summary>Makes operations with the given names never end, or all. They ignore their cancellation.</summary>
    public void Hang(params string[] operations) => Break(operations, static _ => new TaskCompletionSource().Task);

    /// <summary>Makes operations fail as a client does that cancels itself.</summary>
    public void Cancel(params string[] operations) => Break(operations, static _ => throw new TaskCanceledException());

    /// <summary>Makes operations wait until a gate opens.</summary>
    public void Hold(Task gate, params string[] operations) => Break(operations, _ => gate);

    /// <summary>Makes operations succeed late.</summary>
    public void Delay(TimeSpan by, TimeProvider time, params string[] operations) =>
        Break(operations, cancellationToken => Task.Delay(by, time, cancellationToken));

    public void Heal() => _fault = null;

    public async Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        await BeginAsync("get", key, cancellationToken);
        return engine.Get(key);
    }

    public async Task SetAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await BeginAsync("set", key, cancellationToken);
        engine.Set(key, value, lifetime);
    }

    public async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        await BeginAsync("remove", key, cancellationToken);
        engine.Remove(key);
    }

    public async Task<bool> TryAddAsync(string key, byte[] value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await BeginAsync("add", key, cancellationToken);
        return engine.TryAdd(key, value, lifetime);
    }

    public async Task<long> AppendAsync(string feed, byte[] message, int capacity, CancellationToken cancellationToken)
    {
        await BeginAsync("append", feed, cancellationToken);
        return engine.Append(feed, message, capacity);
    }

    public async Task<FeedReading> ReadAsync(string feed, FeedReading? previous, CancellationToken cancellationToken)
    {
        Readings.Add((feed, previous?.Position));
        await BeginAsync("read", feed, cancellationToken);
        return engine.Read(feed, previous);
    }

    public async Task<bool> RestartAsync(string feed, long position, long highest, CancellationToken cancellationToken)
    {
        await BeginAsync("restart", feed, cancellationToken);
        return engine.Restart(feed, position, highest);
    }

    public async Task<IAsyncDisposable> SubscribeAsync(string feed, Action onAppended, CancellationToken cancellationToken)
    {
        await BeginAsync("subscribe", feed, cancellationToken);
        return engine.Subscribe(feed, onAppended);
    }

    /// <summary>Notifies every node, as if a message had been appended.</summary>
    public void Notify() => engine.Notify();

    /// <summary>Waits until this node has applied every message that its feeds have now.</summary>
    public async Task CatchUpAsync()
    {
        foreach (string feed in engine.FeedNames.Intersect(Readings.Select(static it => it.Feed), StringComparer.Ordinal))
        {
            long position = engine.Position(feed);
            await Readings.WaitForAsync(it => it.Feed == feed && it.Previous >= position);
        }
    }

    private void Break(string[] operations, Func<CancellationToken, Task> fault) =>
        _fault = (operation, cancellationToken) =>
            operations.Length == 0 || operations.Contains(operation) ? fault(cancellationToken) : Task.CompletedTask;

    private Task BeginAsync(string operation, string key, CancellationToken cancellationToken)
    {
        Operations.Add((operation, key));
        return _fault?.Invoke(operation, cancellationToken) ?? Task.CompletedTask;
    }
}
