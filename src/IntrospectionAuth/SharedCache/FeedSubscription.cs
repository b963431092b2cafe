namespace IntrospectionAuth.SharedCache;

/// <summary>Subscribes to notifications of a feed. Without them, removals arrive with the next regular reading.</summary>
internal sealed class FeedSubscription(IFleetEngine engine, string feed, Action onAppended, TimeProvider time)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private Task<bool> _attempt = Task.FromResult(false);
    private long? _attemptedAt;

    /// <summary>Subscribes unless that is done, in progress, or has failed within the last seconds. It does not wait.</summary>
    public void Ensure()
    {
        bool isDue = _attemptedAt is not { } at || time.GetElapsedTime(at) >= s_interval;
        if (!_attempt.IsCompleted || _attempt.Result || !isDue)
            return;

        _attemptedAt = time.GetTimestamp();
        _attempt = SubscribeAsync();
    }

    /// <returns>Whether the subscription is made. A failure is no fault of the feed.</returns>
    private async Task<bool> SubscribeAsync()
    {
        try
        {
            return await TimeLimited.RunAsync(
                async cancellationToken =>
                {
                    await engine.SubscribeAsync(feed, onAppended, cancellationToken);
                    return true;
                },
                s_timeout,
                time
            );
        }
        catch (Exception)
        {
            return false;
        }
    }
}
