namespace IntrospectionAuth.SharedCache;

/// <summary>Subscribes to notifications of a feed. Without them, removals arrive with the next regular reading.</summary>
internal sealed class FeedSubscription(IFleetEngine engine, string feed, Action onAppended, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private Task<IAsyncDisposable?> _attempt = Task.FromResult<IAsyncDisposable?>(null);
    private long? _attemptedAt;

    /// <summary>Subscribes unless that is done, in progress, or has failed within the last seconds. It does not wait.</summary>
    public void Ensure()
    {
        bool isDue = _attemptedAt is not { } at || time.GetElapsedTime(at) >= s_interval;
        if (!_attempt.IsCompleted || _attempt.Result is not null || !isDue)
            return;

        _attemptedAt = time.GetTimestamp();
        _attempt = SubscribeAsync();
    }

    /// <summary>Ends the subscription. The engine may serve other feeds for longer.</summary>
    public ValueTask DisposeAsync()
    {
        Task ending = EndAsync();
        return ending.IsCompleted ? new ValueTask(ending) : default; // an attempt that hangs ends by its time limit
    }

    private async Task EndAsync()
    {
        if (await _attempt is { } subscription)
            await subscription.DisposeAsync();
    }

    /// <returns>The subscription; null when it was not made, which is no fault of the feed.</returns>
    private async Task<IAsyncDisposable?> SubscribeAsync()
    {
        try
        {
            return await TimeLimited.RunAsync(
                cancellationToken => engine.SubscribeAsync(feed, onAppended, cancellationToken),
                s_timeout,
                time
            );
        }
        catch (Exception)
        {
            return null;
        }
    }
}
