using System.Threading.RateLimiting;

namespace IntrospectionAuth.Resilience;

/// <summary>Limits the number of concurrent calls. A call that finds no place waits for one, but not long.</summary>
internal sealed class CallLimiter : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _maximumWait;
    private readonly ConcurrencyLimiter _calls;
    private readonly ConcurrencyLimiter _refreshes;

    public CallLimiter(OAuthIntrospectionResilienceOptions options, TimeSpan timeout, TimeProvider time)
    {
        _time = time;

        // At least half of the timeout is left to the server. Otherwise a call would time out without showing that the server hangs.
        _maximumWait = options.MaximumWait < timeout / 2 ? options.MaximumWait : timeout / 2;

        // The queue has no limit: each call in it belongs to a request that exists anyway, and waits for a limited time.
        _calls = new(
            new()
            {
                PermitLimit = options.MaximumConcurrentCalls,
                QueueLimit = int.MaxValue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }
        );
        _refreshes = new(new() { PermitLimit = Math.Max(1, options.MaximumConcurrentCalls / 4), QueueLimit = 0 });
    }

    /// <returns>A place, which the caller disposes of; null when none was free in time.</returns>
    public async ValueTask<RateLimitLease?> EnterAsync(bool isRefresh, CancellationToken cancellationToken)
    {
        RateLimitLease lease = _calls.AttemptAcquire();
        if (lease.IsAcquired)
            return lease;

        lease.Dispose();
        if (_maximumWait == TimeSpan.Zero && !isRefresh)
            return null;

        // No request waits for a refresh, so it may wait until the timeout: a flood must not keep a revoked token alive.
        using var wait = new CancellationTokenSource(isRefresh ? Timeout.InfiniteTimeSpan : _maximumWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, cancellationToken);
        try
        {
            lease = await _calls.AcquireAsync(1, either.Token);
            return lease.IsAcquired ? lease : null;
        }
        catch (OperationCanceledException) when (wait.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <returns>A place for a background refresh, which the caller disposes of; null when none is free.</returns>
    public RateLimitLease? TryEnterRefresh()
    {
        RateLimitLease lease = _refreshes.AttemptAcquire();
        if (lease.IsAcquired)
            return lease;

        lease.Dispose();
        return null;
    }

    public void Dispose()
    {
        _calls.Dispose();
        _refreshes.Dispose();
    }
}
