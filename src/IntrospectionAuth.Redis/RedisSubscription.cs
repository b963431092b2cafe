namespace IntrospectionAuth.Redis;

/// <summary>A subscription to the notifications of a feed.</summary>
/// <param name="end">Ends it.</param>
internal sealed class RedisSubscription(Action<RedisSubscription> end) : IAsyncDisposable
{
    private Action<RedisSubscription>? _end = end;

    public ValueTask DisposeAsync()
    {
        End();
        return ValueTask.CompletedTask;
    }

    public void End() => Interlocked.Exchange(ref _end, null)?.Invoke(this);
}
