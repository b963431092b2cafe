namespace IntrospectionAuth.SharedCache;

/// <summary>Subscribes to notifications of a feed. Without them, removals arrive with the next regular reading.</summary>
internal sealed class FeedSubscription(IFleetEngine engine, string feed, Action onAppended, TimeProvider time)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private bool _isMade;
    private DateTimeOffset _nextAttempt = DateTimeOffset.MinValue;

    /// <summary>Subscribes, unless that is done or has failed within the last seconds. A failure is no fault of the feed.</summary>
    public async Task EnsureAsync(DateTimeOffset now)
    {
        if (_isMade || now < _nextAttempt)
            return;

        _nextAttempt = now + s_interval;
        try
        {
            await TimeLimited.RunAsync(SubscribeAsync, s_timeout, time);
            _isMade = true;
        }
        catch (Exception)
        {
            // Tried again later.
        }
    }

    private async Task<bool> SubscribeAsync(CancellationToken cancellationToken)
    {
        await engine.SubscribeAsync(feed, onAppended, cancellationToken);
        return true;
    }
}
